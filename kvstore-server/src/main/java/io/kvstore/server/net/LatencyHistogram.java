package io.kvstore.server.net;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram of durations: sixteen buckets for each power of two, so that a duration is known to 6
 * %. One thread adds, without locks; any thread reads, and may miss the latest additions.
 */
public final class LatencyHistogram {
  /** The duration from which on all share the last bucket: some 69 seconds. */
  public static final long MAX_NANOS = (1L << 36) - 1;

  private static final int SUB_BITS = 4;

  /** The number of buckets. */
  public static final int BUCKETS = bucket(MAX_NANOS) + 1;

  private static final int SUM = BUCKETS;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS + 1);

  /** Adds a duration that several requests have in common. */
  public void add(long nanos, int times) {
    increase(bucket(nanos), times);
    increase(SUM, nanos * times);
  }

  /** As cheap as a plain write, since there is a single writer. */
  private void increase(int index, long by) {
    counts.setOpaque(index, counts.getPlain(index) + by);
  }

  /** Adds all counts to a sum of several histograms. */
  void addTo(Latencies sum) {
    for (int i = 0; i < BUCKETS; i++) {
      sum.add(i, counts.getOpaque(i));
    }
    sum.addNanos(counts.getOpaque(SUM));
  }

  /** Returns a snapshot. */
  public Latencies latencies() {
    Latencies latencies = new Latencies();
    addTo(latencies);
    return latencies;
  }

  /** Returns the bucket of a duration. */
  static int bucket(long nanos) {
    long time = Math.min(Math.max(nanos, 0), MAX_NANOS);
    int shift = Math.max(0, Long.SIZE - SUB_BITS - 1 - Long.numberOfLeadingZeros(time));
    return (shift << SUB_BITS) + (int) (time >>> shift);
  }

  /**
   * Returns the lower bound of a bucket, which is inclusive; the upper bound is that of the next
   * bucket.
   */
  public static long shortestNanos(int bucket) {
    int shift = Math.max(0, (bucket >>> SUB_BITS) - 1);
    return (long) (bucket - (shift << SUB_BITS)) << shift;
  }
}
