package io.kvstore.bench;

import io.kvstore.bench.rival.Rival;
import io.kvstore.bench.rival.StoreSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures the heap that an entry takes, with a key of 16 bytes and a value of 100.
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

  /**
   * Prints a figure for each store; the arguments are the number of entries, by default 1,000,000,
   * and the stores, by default MAP and KVSTORE.
   */
  public static void main(String[] args) {
    int entries = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
    List<Rival> rivals =
        args.length < 2
            ? List.of(Rival.MAP, Rival.KVSTORE)
            : Arrays.stream(args).skip(1).map(Rival::valueOf).toList();
    System.out.printf(Locale.ROOT, "%-18s %12s %18s%n", "store", "entries", "heap bytes/entry");
    for (Rival rival : rivals) {
      System.out.printf(
          Locale.ROOT, "%-18s %12d %18.1f%n", rival.label(), entries, heapPerEntry(rival, entries));
    }
  }

  static double heapPerEntry(Rival rival, int entries) {
    long without = Heap.bytesInUse();
    try (ScratchDirectory scratch = ScratchDirectory.create();
        BenchStore store = rival.open(StoreSpec.fast(scratch.path(), entries))) {
      BenchStore.fill(store::put, entries);
      store.settle();
      return (double) (Heap.bytesInUse() - without) / entries;
    }
  }
}
