package io.kvstore.bench.rival;

import io.kvstore.bench.BenchStore;
import io.kvstore.bench.Load;
import java.nio.file.Path;
import java.util.Objects;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;

/**
 * MapDB by "Performance and durability" of its manual: a memory-mapped file, grown by large steps,
 * and a hash map with given serializers and room for ten million entries. With {@link
 * StoreSpec#durable} transactions are on and every put commits; without, a killed process may leave
 * a file that cannot be opened, and nothing is synced before the close.
 */
final class MapDbStore implements BenchStore {
  private static final long INCREMENT_BYTES = 64L << 20;
  private static final int CONCURRENCY = 8;
  private static final int NODE_SIZE = 32;
  private static final int LEVELS = 4;
  private static final int PUTS_PER_TRANSACTION = 100_000;

  private final DB db;
  private final HTreeMap<String, byte[]> entries;
  private final boolean durable;
  private int loaded;

  private MapDbStore(DB db, boolean durable) {
    this.db = db;
    this.durable = durable;
    entries =
        db.hashMap("entries", Serializer.STRING, Serializer.BYTE_ARRAY)
            .layout(CONCURRENCY, NODE_SIZE, LEVELS)
            .createOrOpen();
  }

  static BenchStore open(StoreSpec spec) {
    Path file = spec.directory().resolve("entries.mapdb");
    DBMaker.Maker maker =
        DBMaker.fileDB(file.toFile())
            .fileMmapEnableIfSupported()
            .fileMmapPreclearDisable()
            .allocateIncrement(INCREMENT_BYTES)
            .cleanerHackEnable();
    if (spec.durable()) {
      maker.transactionEnable();
    }
    return new MapDbStore(maker.make(), spec.durable());
  }

  @Override
  public byte[] get(String key) {
    return Objects.requireNonNull(entries.get(key), key);
  }

  @Override
  public void put(String key, byte[] value) {
    entries.put(key, value);
    if (durable) {
      db.commit();
    }
  }

  @Override
  public void load(Load load) {
    if (durable) {
      load.inOrder(this::loadOne);
      db.commit();
    } else {
      load.onAllProcessors(this::put);
    }
  }

  private void loadOne(String key, byte[] value) {
    entries.put(key, value);
    loaded++;
    if (loaded % PUTS_PER_TRANSACTION == 0) {
      db.commit();
    }
  }

  @Override
  public void settle() {
    db.commit();
  }

  @Override
  public void close() {
    db.close();
  }
}
