package io.kvstore.bench.rival;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.bench.BenchStore;
import io.kvstore.bench.Load;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/**
 * LMDB: a transaction for every put, and for the gets of each thread one that is renewed, as
 * "Getting Started" of its documentation advises. Commits are synced every five seconds
 * (MDB_NOSYNC) or, with {@link StoreSpec#durable}, each by itself, its default. It has one writer
 * at a time.
 */
final class LmdbStore implements BenchStore {
  private static final long MAP_BYTES = 32L << 30; // a limit; the file grows as it needs
  private static final int MAX_READERS = 256;
  private static final int MAX_KEY_BYTES = 511;
  private static final int PUTS_PER_TRANSACTION = 10_000;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> entries;
  private final @Nullable SyncTimer timer;
  private final Collection<Client> clients = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Client> client;

  private LmdbStore(Env<ByteBuffer> env, StoreSpec spec) {
    this.env = env;
    entries = env.openDbi("entries", DbiFlags.MDB_CREATE);
    timer = spec.durable() ? null : SyncTimer.start(() -> env.sync(true));
    client = ThreadLocal.withInitial(() -> newClient(spec.valueBytes()));
  }

  static BenchStore open(StoreSpec spec) {
    List<EnvFlags> flags = new ArrayList<>(List.of(EnvFlags.MDB_NOTLS));
    if (!spec.durable()) {
      flags.add(EnvFlags.MDB_NOSYNC);
    }
    Env<ByteBuffer> env =
        Env.create()
            .setMapSize(MAP_BYTES)
            .setMaxDbs(1)
            .setMaxReaders(MAX_READERS)
            .open(spec.directory().toFile(), flags.toArray(EnvFlags[]::new));
    return new LmdbStore(env, spec);
  }

  private Client newClient(int valueBytes) {
    Client made = new Client(env.txnRead(), valueBytes);
    made.reading.reset();
    clients.add(made);
    return made;
  }

  @Override
  public byte[] get(String key) {
    Client mine = client.get();
    mine.reading.renew();
    try {
      ByteBuffer found = Objects.requireNonNull(entries.get(mine.reading, mine.key(key)), key);
      byte[] value = new byte[found.remaining()];
      found.get(value);
      return value;
    } finally {
      mine.reading.reset();
    }
  }

  @Override
  public void put(String key, byte[] value) {
    Client mine = client.get();
    try (Txn<ByteBuffer> writing = env.txnWrite()) {
      entries.put(writing, mine.key(key), mine.value(value));
      writing.commit();
    }
  }

  @Override
  public void load(Load load) {
    Loading loading = new Loading();
    load.inOrder(loading::put);
    loading.commit();
  }

  @Override
  public void settle() {
    env.sync(true);
  }

  @Override
  public void close() {
    if (timer != null) {
      timer.close();
    }
    clients.forEach(each -> each.reading.close());
    env.sync(true);
    env.close();
  }

  /** What a thread uses again and again. */
  private static final class Client {
    private final Txn<ByteBuffer> reading;
    private final ByteBuffer keyBytes = ByteBuffer.allocateDirect(MAX_KEY_BYTES);
    private final ByteBuffer valueBytes;

    Client(Txn<ByteBuffer> reading, int valueBytes) {
      this.reading = reading;
      this.valueBytes = ByteBuffer.allocateDirect(valueBytes);
    }

    ByteBuffer key(String key) {
      return keyBytes.clear().put(key.getBytes(UTF_8)).flip();
    }

    ByteBuffer value(byte[] value) {
      return valueBytes.clear().put(value).flip();
    }
  }

  /** The transaction that puts are gathered in. */
  private final class Loading {
    private final Client mine = client.get();
    private Txn<ByteBuffer> writing = env.txnWrite();
    private int puts;

    void put(String key, byte[] value) {
      entries.put(writing, mine.key(key), mine.value(value));
      puts++;
      if (puts % PUTS_PER_TRANSACTION == 0) {
        commit();
        writing = env.txnWrite();
      }
    }

    void commit() {
      try (Txn<ByteBuffer> transaction = writing) {
        transaction.commit();
      }
    }
  }
}
