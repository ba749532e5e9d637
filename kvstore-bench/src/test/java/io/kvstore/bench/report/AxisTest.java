package io.kvstore.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AxisTest {

  @Test
  void fromZeroGoesInRoundSteps() {
    assertThat(Axis.fromZero(3_300_000, "ops/s").ticks().values())
        .containsExactly("0", "1 M", "2 M", "3 M");
  }

  @Test
  void powersNameTheTens() {
    assertThat(Axis.powers(546, 128_000, "ops/s").ticks().values())
        .containsExactly("1,000", "10 k", "100 k");
  }

  @Test
  void powersNameMoreWithinFewTens() {
    assertThat(Axis.powers(1.1, 8, "ms").ticks().values())
        .containsExactly("1 ms", "2 ms", "5 ms", "10 ms");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 1, 3, 7.7, 1e9})
  void anyValueLiesOnItsAxis(double value) {
    for (Axis axis : new Axis[] {Axis.fromZero(value, "us"), Axis.powers(value, value, "us")}) {
      assertThat(axis.share(value)).isBetween(0.0, 1.0);
      assertThat(axis.ticks()).hasSizeBetween(1, 7);
      assertThat(axis.ticks().keySet())
          .allSatisfy(t -> assertThat(axis.share(t)).isBetween(0.0, 1.0));
    }
  }
}
