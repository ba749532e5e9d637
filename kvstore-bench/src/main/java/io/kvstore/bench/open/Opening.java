package io.kvstore.bench.open;

import io.kvstore.Durability;
import io.kvstore.bench.BenchStore;
import java.nio.file.Path;

/** What is opened, and in which state its files are. */
enum Opening {
  CLEAN("kvstore, after a clean close"),
  KILLED("kvstore, after kill -9 under load"),
  SCAN("kvstore, without its index: full scan"),
  ROCKSDB("RocksDB, compacted, after a clean close"),
  LMDB("LMDB, after a clean close");

  private final String label;

  Opening(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  BenchStore open(Path directory) {
    return switch (this) {
      case CLEAN, KILLED, SCAN -> BenchStore.kvstore(directory, Durability.INTERVAL);
      case ROCKSDB -> RocksDbStore.open(directory);
      case LMDB -> LmdbStore.open(directory);
    };
  }
}
