package io.kvstore.bench.open;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.bench.BenchStore;
import java.nio.file.Path;
import java.util.Objects;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompactionPriority;
import org.rocksdb.Filter;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** RocksDB with the options that its guide, Setup Options and Basic Tuning, gives to everybody. */
final class RocksDbStore implements BenchStore {
  private static final int FILTER_BITS_PER_KEY = 10;
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int BACKGROUND_JOBS = 6;
  private static final int BYTES_PER_SYNC = 1 << 20;

  private final Filter filter;
  private final Options options;
  private final RocksDB db;

  private RocksDbStore(Filter filter, Options options, RocksDB db) {
    this.filter = filter;
    this.options = options;
    this.db = db;
  }

  static BenchStore open(Path directory) {
    RocksDB.loadLibrary();
    Filter filter = new BloomFilter(FILTER_BITS_PER_KEY);
    Options options = options(filter);
    try {
      return new RocksDbStore(filter, options, RocksDB.open(options, directory.toString()));
    } catch (RocksDBException e) {
      throw new IllegalStateException("can't open " + directory, e);
    }
  }

  private static Options options(Filter filter) {
    return new Options()
        .setCreateIfMissing(true)
        .setLevelCompactionDynamicLevelBytes(true)
        .setMaxBackgroundJobs(BACKGROUND_JOBS)
        .setBytesPerSync(BYTES_PER_SYNC)
        .setCompactionPriority(CompactionPriority.MinOverlappingRatio)
        .setTableFormatConfig(
            new BlockBasedTableConfig()
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
      db.put(key.getBytes(UTF_8), value);
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
    try (filter;
        options) {
      db.close();
    }
  }
}
