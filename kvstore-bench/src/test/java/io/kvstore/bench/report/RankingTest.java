package io.kvstore.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RankingTest {

  @Test
  void mostIsBestOfRatesAndWhoFailedIsLast() {
    Group group =
        Group.of(
                List.of(
                    measured("failed", "10", "ops/s", null),
                    measured("small only", "1", "ops/s", 900.0),
                    measured("slow", "1", "ops/s", 999.0),
                    measured("slow", "10", "ops/s", 5.0),
                    measured("fast", "1", "ops/s", 100.0),
                    measured("fast", "10", "ops/s", 50.0)))
            .get(0);

    assertThat(Ranking.of(group)).containsExactly("fast", "slow", "small only", "failed");
  }

  @Test
  void leastIsBestOfCosts() {
    Group group =
        Group.of(
                List.of(measured("large", "1", "bytes", 9.0), measured("small", "1", "bytes", 2.0)))
            .get(0);

    assertThat(Ranking.of(group)).containsExactly("small", "large");
  }

  private static Measurement measured(
      String subject, String entries, String unit, @Nullable Double figure) {
    return new Measurement(
        "get",
        subject,
        new TreeMap<>(Map.of("entries", entries)),
        unit,
        figure == null ? List.of() : List.of(figure),
        figure == null ? "could not start" : null,
        1);
  }
}
