package io.kvstore.bench;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.bench.load.Workload;
import io.kvstore.codec.Codecs;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * What a benchmark measures: a kvstore in a scratch directory, or the map it is compared with,
 * behind the same two calls.
 *
 * <p>Both copy a value in when it is put and out when it is got, so that nobody can change what is
 * stored through an array of their own: a map that hands out its arrays promises less. Two
 * benchmarks in one process would make these calls slower for each other; JMH's forks keep them
 * apart.
 */
public interface BenchStore extends AutoCloseable {

  /** Returns a copy of the value under a key that is there. */
  byte[] get(String key);

  /** Stores a copy of the value. */
  void put(String key, byte[] value);

  @Override
  void close();

  /**
   * Opens a store with this many entries, quiet: what the filling left to collect is collected, and
   * what it left to write is written.
   *
   * @param name "map" for a {@link ConcurrentHashMap}, "kvstore" for a {@link KvStore} with all its
   *     defaults
   */
  static BenchStore filled(String name, int entries) {
    BenchStore store = open(name);
    fill(store::put, entries);
    store.settle();
    System.gc();
    return store;
  }

  /** Opens an empty store; for the names see {@link #filled}. */
  static BenchStore open(String name) {
    return switch (name) {
      case "map" -> new MapStore(new ConcurrentHashMap<>());
      case "kvstore" -> kvstore(Durability.INTERVAL);
      default -> throw new IllegalArgumentException("store is " + name + ", not map or kvstore");
    };
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
    int threads = Runtime.getRuntime().availableProcessors();
    IntStream.range(0, threads)
        .parallel()
        .forEach(
            thread -> {
              Workload workload = new Workload(entries, thread);
              for (int number = thread; number < entries; number += threads) {
                put.accept(Workload.key(number), workload.nextValue());
              }
            });
  }

  /** Returns when what has been put so far makes no more work for a disk. */
  void settle();

  /** Returns what the store says of itself, by name and unit; a map of Java's says nothing. */
  default Map<String, Double> figures() {
    return Map.of();
  }
}
