package io.kvstore.bench.net;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Counters and latencies of one step. Latencies are of operations due after the warm-up; errors
 * count in the warm-up as well. Not thread-safe.
 */
final class Tally {
  private static final long MAX_LATENCY_NANOS = 3_600_000_000_000L;
  private static final int DIGITS = 3;

  private final Latencies gets = new Latencies();
  private final Latencies puts = new Latencies();
  private final Histogram ownDelay = histogram();
  private final Map<String, Long> failures = new TreeMap<>();
  private long completed;
  private long unsent;
  private long wrong;
  private long stale;
  private long missing;

  /** The latencies of one kind of operation, in nanoseconds. */
  record Latencies(Histogram sinceDue, Histogram sinceSent) {
    private Latencies() {
      this(histogram(), histogram());
    }

    private void add(Latencies other) {
      sinceDue.add(other.sinceDue);
      sinceSent.add(other.sinceSent);
    }
  }

  private static Histogram histogram() {
    return new Histogram(MAX_LATENCY_NANOS, DIGITS);
  }

  static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.max(0, Math.min(MAX_LATENCY_NANOS, nanos)));
  }

  Latencies gets() {
    return gets;
  }

  Latencies puts() {
    return puts;
  }

  /** How late this program itself noticed that an operation was due. */
  Histogram ownDelay() {
    return ownDelay;
  }

  /** Operations that were answered as they should be, after the warm-up and before the end. */
  long completed() {
    return completed;
  }

  /** Operations that were due so long ago that they were not sent any more. */
  long unsent() {
    return unsent;
  }

  /** Values that no write had. */
  long wrong() {
    return wrong;
  }

  /** Values that a later acknowledged write had replaced. */
  long stale() {
    return stale;
  }

  /** Values that were not there, though acknowledged. */
  long missing() {
    return missing;
  }

  /** Operations without a proper answer, by what came instead. */
  Map<String, Long> failures() {
    return failures;
  }

  long failed() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  long bad() {
    return wrong + stale + missing;
  }

  void countCompleted() {
    completed++;
  }

  void countUnsent(long operations) {
    unsent += operations;
  }

  void countWrong() {
    wrong++;
  }

  void countStale() {
    stale++;
  }

  void countMissing() {
    missing++;
  }

  void countFailure(String what) {
    failures.merge(what, 1L, Long::sum);
  }

  /** Adds what another thread has found. */
  void add(Tally other) {
    gets.add(other.gets);
    puts.add(other.puts);
    ownDelay.add(other.ownDelay);
    other.failures.forEach((what, count) -> failures.merge(what, count, Long::sum));
    completed += other.completed;
    unsent += other.unsent;
    wrong += other.wrong;
    stale += other.stale;
    missing += other.missing;
  }
}
