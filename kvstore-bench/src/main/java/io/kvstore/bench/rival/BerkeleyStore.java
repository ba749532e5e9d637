package io.kvstore.bench.rival;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseConfig;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.Durability;
import com.sleepycat.je.Environment;
import com.sleepycat.je.EnvironmentConfig;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import com.sleepycat.je.Transaction;
import io.kvstore.bench.BenchStore;
import io.kvstore.bench.Load;
import java.util.concurrent.TimeUnit;

/**
 * Berkeley DB Java Edition by "Getting Started with Transaction Processing", section "Non-Durable
 * Transactions": every put commits, its log is written to the operating system at once and synced
 * every five seconds or, with {@link StoreSpec#durable}, before the put returns. The cache is as
 * large as the others'.
 */
record BerkeleyStore(Environment environment, Database database) implements BenchStore {
  private static final int PUTS_PER_TRANSACTION = 10_000;

  static BenchStore open(StoreSpec spec) {
    EnvironmentConfig config = new EnvironmentConfig();
    config.setAllowCreate(true);
    config.setTransactional(true);
    config.setCacheSize((long) Rival.CACHE_MEBIBYTES << 20);
    config.setDurability(spec.durable() ? Durability.COMMIT_SYNC : Durability.COMMIT_WRITE_NO_SYNC);
    config.setConfigParam(EnvironmentConfig.LOG_FLUSH_SYNC_INTERVAL, "5 s");
    config.setLockTimeout(1, TimeUnit.MINUTES);
    Environment environment = new Environment(spec.directory().toFile(), config);
    DatabaseConfig databaseConfig = new DatabaseConfig();
    databaseConfig.setAllowCreate(true);
    databaseConfig.setTransactional(true);
    return new BerkeleyStore(
        environment, environment.openDatabase(null, "entries", databaseConfig));
  }

  @Override
  public byte[] get(String key) {
    DatabaseEntry value = new DatabaseEntry();
    OperationStatus status =
        database.get(null, new DatabaseEntry(key.getBytes(UTF_8)), value, LockMode.DEFAULT);
    if (status != OperationStatus.SUCCESS) {
      throw new IllegalStateException(key + " gives " + status);
    }
    return value.getData();
  }

  @Override
  public void put(String key, byte[] value) {
    database.put(null, new DatabaseEntry(key.getBytes(UTF_8)), new DatabaseEntry(value));
  }

  @Override
  public void load(Load load) {
    Loading loading = new Loading();
    load.inOrder(loading::put);
    loading.transaction.commit();
  }

  @Override
  public void settle() {
    environment.sync();
  }

  @Override
  public void close() {
    try (environment) {
      database.close();
    }
  }

  /** The transaction that puts are gathered in. */
  private final class Loading {
    private Transaction transaction = environment.beginTransaction(null, null);
    private int puts;

    void put(String key, byte[] value) {
      database.put(transaction, new DatabaseEntry(key.getBytes(UTF_8)), new DatabaseEntry(value));
      puts++;
      if (puts % PUTS_PER_TRANSACTION == 0) {
        transaction.commit();
        transaction = environment.beginTransaction(null, null);
      }
    }
  }
}
