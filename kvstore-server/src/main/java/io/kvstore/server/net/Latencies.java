package io.kvstore.server.net;

/** A snapshot of latency histograms. For use by one thread. */
public final class Latencies {
  private final long[] counts = new long[LatencyHistogram.BUCKETS];
  private long nanos;

  void add(int bucket, long times) {
    counts[bucket] += times;
  }

  void addNanos(long more) {
    nanos += more;
  }

  /** The number of recorded durations. */
  public long count() {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    return all;
  }

  /** The number of durations in a bucket of {@link LatencyHistogram}. */
  public long count(int bucket) {
    return counts[bucket];
  }

  /** The sum of all durations. */
  public long nanos() {
    return nanos;
  }
}
