package io.kvstore.bench.rival;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.bench.BenchStore;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompactionPriority;
import org.rocksdb.Filter;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with the options that its guide, Setup Options and Basic Tuning, recommends for general
 * use, and a cache as large as the others'. Its log is written to the operating system with every
 * put and synced every five seconds or, with {@link StoreSpec#durable}, before the put returns.
 */
final class RocksDbStore implements BenchStore {
  private static final int FILTER_BITS_PER_KEY = 10;
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int BACKGROUND_JOBS = 6;
  private static final int BYTES_PER_SYNC = 1 << 20;

  private final List<AutoCloseable> settings;
  private final RocksDB db;
  private final WriteOptions writes;
  private final @Nullable SyncTimer timer;

  private RocksDbStore(List<AutoCloseable> settings, RocksDB db, boolean durable) {
    this.settings = settings;
    this.db = db;
    writes = new WriteOptions().setSync(durable);
    timer = durable ? null : SyncTimer.start(this::syncLog);
  }

  static BenchStore open(StoreSpec spec) {
    RocksDB.loadLibrary();
    Filter filter = new BloomFilter(FILTER_BITS_PER_KEY);
    Cache cache = new LRUCache((long) Rival.CACHE_MEBIBYTES << 20);
    Options options = options(filter, cache);
    try {
      RocksDB db = RocksDB.open(options, spec.directory().toString());
      return new RocksDbStore(List.of(options, filter, cache), db, spec.durable());
    } catch (RocksDBException e) {
      throw new IllegalStateException("can't open " + spec.directory(), e);
    }
  }

  private void syncLog() {
    try {
      db.syncWal();
    } catch (RocksDBException e) {
      throw new IllegalStateException("can't sync", e);
    }
  }

  private static Options options(Filter filter, Cache cache) {
    return new Options()
        .setCreateIfMissing(true)
        .setLevelCompactionDynamicLevelBytes(true)
        .setMaxBackgroundJobs(BACKGROUND_JOBS)
        .setBytesPerSync(BYTES_PER_SYNC)
        .setCompactionPriority(CompactionPriority.MinOverlappingRatio)
        .setTableFormatConfig(
            new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_BYTES)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(filter));
  }

  @Override
  public byte[] get(String key) {
    try {
      return Objects.requireNonNull(db.get(key.getBytes(UTF_8)), key);
    } catch (RocksDBException e) {
      throw new IllegalStateException("can't get " + key, e);
    }
  }

  @Override
  public void put(String key, byte[] value) {
    try {
      db.put(writes, key.getBytes(UTF_8), value);
    } catch (RocksDBException e) {
      throw new IllegalStateException("can't put " + key, e);
    }
  }

  /** Leaves nothing that the next opening would have to read from its log, or to compact. */
  @Override
  public void settle() {
    try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
      db.flush(flush);
      db.compactRange();
    } catch (RocksDBException e) {
      throw new IllegalStateException("can't flush and compact", e);
    }
  }

  @Override
  public void close() {
    if (timer != null) {
      timer.close();
    }
    db.close();
    writes.close();
    for (AutoCloseable each : settings) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException("can't close", e);
      }
    }
  }
}
