package io.kvstore.server.net;

/** A snapshot of latency histograms. For one thread. */
public final class Latencies {
  private final long[] counts = new long[LatencyHistogram.BUCKETS];
  private long nanos;

  void add(int bucket, long times) {
    counts[bucket] += times;
  }

  void addNanos(long more) {
    nanos += more;
  }

  /** How many times there are. */
  public long count() {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    return all;
  }

  /** How many of them are in a bucket of {@link LatencyHistogram}. */
  public long count(int bucket) {
    return counts[bucket];
  }

  /** All times together. */
  public long nanos() {
    return nanos;
  }
}
