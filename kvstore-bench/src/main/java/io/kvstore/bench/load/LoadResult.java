package io.kvstore.bench.load;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The result of a load: latencies in nanoseconds, from the time each operation was due and from the
 * time it was called, and the stalls.
 */
record LoadResult(
    Histogram gets, Histogram puts, Histogram getCalls, Histogram putCalls, List<Stall> stalls) {
  private static final int DIGITS = 3;

  static LoadResult empty() {
    return new LoadResult(
        new Histogram(DIGITS),
        new Histogram(DIGITS),
        new Histogram(DIGITS),
        new Histogram(DIGITS),
        new ArrayList<>());
  }
}
