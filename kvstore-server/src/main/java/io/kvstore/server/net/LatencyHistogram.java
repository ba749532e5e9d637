package io.kvstore.server.net;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram of durations: sixteen buckets for each power of two, so that a time is known to 6 %.
 * One thread adds, without locks; any thread reads, and may miss what is just being added.
 */
public final class LatencyHistogram {
  /** Times from here on, some 69 seconds, share the last bucket. */
  public static final long MAX_NANOS = (1L << 36) - 1;

  private static final int SUB_BITS = 4;

  /** How many buckets there are. */
  public static final int BUCKETS = bucket(MAX_NANOS) + 1;

  private static final int SUM = BUCKETS;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS + 1);

  /** Adds a time, for several that took it. */
  public void add(long nanos, int times) {
    increase(bucket(nanos), times);
    increase(SUM, nanos * times);
  }

  /** As cheap as a plain write, since nobody else writes. */
  private void increase(int index, long by) {
    counts.setOpaque(index, counts.getPlain(index) + by);
  }

  /** Adds all that has been counted to a sum of several histograms. */
  void addTo(Latencies sum) {
    for (int i = 0; i < BUCKETS; i++) {
      sum.add(i, counts.getOpaque(i));
    }
    sum.addNanos(counts.getOpaque(SUM));
  }

  /** Returns what has been counted. */
  public Latencies latencies() {
    Latencies latencies = new Latencies();
    addTo(latencies);
    return latencies;
  }

  /** The bucket of a time. */
  static int bucket(long nanos) {
    long time = Math.min(Math.max(nanos, 0), MAX_NANOS);
    int shift = Math.max(0, Long.SIZE - SUB_BITS - 1 - Long.numberOfLeadingZeros(time));
    return (shift << SUB_BITS) + (int) (time >>> shift);
  }

  /** The shortest time of a bucket; that of the bucket behind it is the first it has not. */
  public static long shortestNanos(int bucket) {
    int shift = Math.max(0, (bucket >>> SUB_BITS) - 1);
    return (long) (bucket - (shift << SUB_BITS)) << shift;
  }
}
