package io.kvstore.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.List;
import java.util.Locale;

/**
 * How much heap does an entry take, with a key of 16 bytes and a value of 100?
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.main=io.kvstore.bench.HeapPerEntry -Djmh.args="10000000"
 * }</pre>
 *
 * <p>Measured is the heap in use after full collections, with the filled store and without, divided
 * by the entries: keys, values, index and all that holds them. Not measured is what lies outside
 * the heap: the kvstore's files, which the operating system keeps in memory as it sees fit.
 */
public final class HeapPerEntry {
  private HeapPerEntry() {}

  /** Prints the two figures; the argument is the number of entries, by default 1,000,000. */
  public static void main(String[] args) {
    int entries = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
    System.out.printf(Locale.ROOT, "%-10s %12s %18s%n", "store", "entries", "heap bytes/entry");
    for (String name : List.of("map", "kvstore")) {
      System.out.printf(
          Locale.ROOT, "%-10s %12d %18.1f%n", name, entries, heapPerEntry(name, entries));
    }
  }

  static double heapPerEntry(String name, int entries) {
    long without = heapInUse();
    BenchStore store = BenchStore.filled(name, entries);
    try {
      return (double) (heapInUse() - without) / entries;
    } finally {
      store.close();
    }
  }

  /** Collects until there is nothing left to collect: one round leaves what a cleaner holds. */
  private static long heapInUse() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      memory.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
