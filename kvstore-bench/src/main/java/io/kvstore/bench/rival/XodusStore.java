package io.kvstore.bench.rival;

import io.kvstore.bench.BenchStore;
import io.kvstore.bench.Load;
import java.util.Arrays;
import java.util.Objects;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.bindings.StringBinding;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;

/**
 * Xodus by "Environments" and "Transactions" of its wiki: a transaction for every put, a read-only
 * one for every get, a memory limit as large as the others' caches, a sync every five seconds or,
 * with {@link StoreSpec#durable}, a durable write for every transaction.
 */
final class XodusStore implements BenchStore {
  private static final long SYNC_MILLIS = 5_000;
  private static final int PUTS_PER_TRANSACTION = 10_000;

  private final Environment environment;
  private final Store store;

  private XodusStore(Environment environment) {
    this.environment = environment;
    store =
        environment.computeInTransaction(
            transaction ->
                environment.openStore("entries", StoreConfig.WITHOUT_DUPLICATES, transaction));
  }

  static BenchStore open(StoreSpec spec) {
    EnvironmentConfig config =
        new EnvironmentConfig()
            .setMemoryUsage((long) Rival.CACHE_MEBIBYTES << 20)
            .setLogSyncPeriod(SYNC_MILLIS)
            .setLogDurableWrite(spec.durable());
    return new XodusStore(Environments.newInstance(spec.directory().toFile(), config));
  }

  @Override
  public byte[] get(String key) {
    ByteIterable found =
        environment.computeInReadonlyTransaction(
            transaction -> store.get(transaction, StringBinding.stringToEntry(key)));
    Objects.requireNonNull(found, key);
    return Arrays.copyOf(found.getBytesUnsafe(), found.getLength());
  }

  @Override
  public void put(String key, byte[] value) {
    environment.executeInTransaction(transaction -> put(transaction, key, value));
  }

  private void put(Transaction transaction, String key, byte[] value) {
    store.put(transaction, StringBinding.stringToEntry(key), new ArrayByteIterable(value.clone()));
  }

  @Override
  public void load(Load load) {
    Transaction transaction = environment.beginExclusiveTransaction();
    try {
      int[] puts = {0};
      load.inOrder(
          (key, value) -> {
            put(transaction, key, value);
            puts[0]++;
            if (puts[0] % PUTS_PER_TRANSACTION == 0) {
              transaction.flush();
            }
          });
      transaction.flush();
    } finally {
      transaction.abort();
    }
  }

  @Override
  public void settle() {
    environment.gc();
  }

  @Override
  public void close() {
    environment.close();
  }
}
