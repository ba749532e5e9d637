package io.kvstore.bench;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.bench.load.Workload;
import io.kvstore.codec.Codecs;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The store under test: kvstore or a rival, behind the same two calls.
 *
 * <p>All implementations copy a value when it is put and when it is returned, so that no caller can
 * change a stored value through an array: a map that returns its own arrays promises less. Two
 * benchmarks in one process would make these calls slower for each other; JMH's forks keep them
 * apart.
 */
public interface BenchStore extends AutoCloseable {

  /** Returns a copy of the value of an existing key. */
  byte[] get(String key);

  /**
   * Stores a copy of the value, for every thread to see, and as durable as the store was opened.
   */
  void put(String key, byte[] value);

  /**
   * Puts many as fast as the store can, by several threads or in transactions; when it returns, all
   * can be seen.
   */
  default void load(Load load) {
    load.onAllProcessors(this::put);
  }

  @Override
  void close();

  /** Returns when what has been put so far makes no more work for a disk. */
  void settle();

  /** Returns what the store says of itself, by name and unit; most say nothing. */
  default Map<String, Double> figures() {
    return Map.of();
  }

  /** Opens an empty kvstore in a scratch directory, which goes when the store is closed. */
  static BenchStore kvstore(Durability durability) {
    ScratchDirectory scratch = ScratchDirectory.create();
    return new KvBenchStore(scratch::close, openKvStore(scratch.path(), durability));
  }

  /** Opens the kvstore in a directory, which stays when the store is closed. */
  static BenchStore kvstore(Path directory, Durability durability) {
    return new KvBenchStore(() -> {}, openKvStore(directory, durability));
  }

  /** Opens a kvstore the way every benchmark does. */
  static KvStore<String, byte[]> openKvStore(Path directory, Durability durability) {
    return KvStore.builder(Codecs.string(), Codecs.bytes())
        .directory(directory)
        .durability(durability)
        .open();
  }

  /** Puts entries 0 to {@code entries} - 1, on all processors. */
  static void fill(BiConsumer<String, byte[]> put, int entries) {
    Load.filling(entries, Workload.VALUE_BYTES).onAllProcessors(put);
  }
}
