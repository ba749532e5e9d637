package io.kvstore.bench.open;

import io.kvstore.bench.rival.Rival;

/** The store that is opened, and the state of its files. */
enum Opening {
  CLEAN("kvstore, after a clean close"),
  KILLED("kvstore, after kill -9 under load"),
  KILLED_SCAN("the same files without their index: full scan"),
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

  /** Returns whose files are opened: those of another, which is opened before. */
  Opening files() {
    return this == KILLED_SCAN ? KILLED : this;
  }

  /** Whether the index is deleted before. */
  boolean scans() {
    return this == SCAN || this == KILLED_SCAN;
  }

  Rival rival() {
    return switch (this) {
      case CLEAN, KILLED, KILLED_SCAN, SCAN -> Rival.KVSTORE;
      case ROCKSDB -> Rival.ROCKSDB;
      case LMDB -> Rival.LMDB;
    };
  }
}
