package io.kvstore.bench;

import io.kvstore.bench.load.Workload;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Fills a store: all entries once in the order of their numbers, or overwritten repeatedly in
 * random order. All bytes of a value are random, because some stores compress.
 */
public final class Load {
  private static final long STRIDE = 2_654_435_761L; // prime, so it reaches every entry

  private final int entries;
  private final long puts;
  private final long stride;
  private final int valueBytes;

  private Load(int entries, int rounds, int valueBytes) {
    this.entries = entries;
    this.puts = (long) entries * Math.max(1, rounds);
    this.stride = rounds == 0 ? 1 : STRIDE;
    this.valueBytes = valueBytes;
  }

  /** Every entry once. */
  public static Load filling(int entries, int valueBytes) {
    return new Load(entries, 0, valueBytes);
  }

  /** Every entry so many times. */
  public static Load overwriting(int entries, int rounds, int valueBytes) {
    return new Load(entries, rounds, valueBytes);
  }

  /** Calls put on all processors, each with its own entries. The array is reused. */
  public void onAllProcessors(BiConsumer<String, byte[]> put) {
    int threads = Runtime.getRuntime().availableProcessors();
    IntStream.range(0, threads).parallel().forEach(thread -> run(put, thread, threads));
  }

  /** Calls put on this thread. The array is used again. */
  public void inOrder(BiConsumer<String, byte[]> put) {
    run(put, 0, 1);
  }

  private void run(BiConsumer<String, byte[]> put, int thread, int threads) {
    SplittableRandom random = new SplittableRandom(thread);
    byte[] value = new byte[valueBytes];
    for (long turn = thread; turn < puts; turn += threads) {
      random.nextBytes(value);
      put.accept(Workload.key(turn * stride % entries), value);
    }
  }
}
