package io.kvstore.bench.load;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What a load has found: latencies in nanoseconds, from when each operation was due and from when
 * it was called, and the stalls.
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
