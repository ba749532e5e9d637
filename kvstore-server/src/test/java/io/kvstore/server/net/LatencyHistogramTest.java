package io.kvstore.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 15, 16, 31, 32, 1_000, 123_456_789, LatencyHistogram.MAX_NANOS})
  void bucketOfATimeBeginsAtOrBeforeItAndIsNarrow(long nanos) {
    int bucket = LatencyHistogram.bucket(nanos);

    long first = LatencyHistogram.shortestNanos(bucket);
    assertThat(first).isLessThanOrEqualTo(nanos);
    assertThat(nanos - first).isLessThanOrEqualTo(nanos / 16);
    assertThat(LatencyHistogram.shortestNanos(bucket + 1)).isGreaterThan(nanos);
  }

  @Test
  void everyBucketBeginsWhereTheOneBeforeEnds() {
    for (int bucket = 1; bucket < LatencyHistogram.BUCKETS; bucket++) {
      long first = LatencyHistogram.shortestNanos(bucket);
      assertThat(LatencyHistogram.bucket(first)).isEqualTo(bucket);
      assertThat(LatencyHistogram.bucket(first - 1)).isEqualTo(bucket - 1);
    }
  }

  @Test
  void timesBeyondTheEndsAreInTheOutermostBuckets() {
    LatencyHistogram histogram = new LatencyHistogram();

    histogram.add(-1, 1);
    histogram.add(Long.MAX_VALUE, 1);

    assertThat(histogram.latencies().count(0)).isOne();
    assertThat(histogram.latencies().count(LatencyHistogram.BUCKETS - 1)).isOne();
  }

  @Test
  void timesOfSeveralAreCountedForEach() {
    LatencyHistogram histogram = new LatencyHistogram();

    histogram.add(1_000, 3);
    histogram.add(2_000, 1);

    assertThat(histogram.latencies().count()).isEqualTo(4);
    assertThat(histogram.latencies().nanos()).isEqualTo(5_000);
  }
}
