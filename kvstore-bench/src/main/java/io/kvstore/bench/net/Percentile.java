package io.kvstore.bench.net;

import java.util.List;
import org.HdrHistogram.Histogram;

/** A percentile of a latency distribution. */
record Percentile(String name, double percent) {
  /** The percentiles that are reported. */
  static final List<Percentile> ALL =
      List.of(
          new Percentile("p50", 50),
          new Percentile("p90", 90),
          new Percentile("p99", 99),
          new Percentile("p99.9", 99.9),
          new Percentile("p99.99", 99.99),
          new Percentile("max", 100));

  private static final double NANOS_PER_MICRO = 1e3;

  /** Returns it in microseconds. */
  double micros(Histogram nanos) {
    // The bucket of the maximum ends behind it.
    long value = Math.min(nanos.getMaxValue(), nanos.getValueAtPercentile(percent));
    return value / NANOS_PER_MICRO;
  }
}
