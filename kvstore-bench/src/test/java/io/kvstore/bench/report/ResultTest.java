package io.kvstore.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ResultTest {

  @Test
  void spreadIsThatOfTheMediansOfTheRounds() {
    Result result = new Result();
    result.add(round(1, 10, 20, 90)); // 20
    result.add(round(2, 30, 50)); // 40
    result.add(round(3, 26)); // 26

    assertThat(result.spread()).isEqualTo(new Spread(26, 20, 40, 3));
  }

  @Test
  void samplesOfOneRoundLieTogether() {
    Result result = new Result();
    result.add(round(1, 1, 2));
    result.add(round(1, 9));

    assertThat(result.spread()).isEqualTo(new Spread(2, 2, 2, 1));
  }

  @Test
  void ratioIsThatOfEachRoundNotOfTheMedians() {
    Result ours = new Result();
    Result theirs = new Result();
    // The machine was ten times as slow in the second round, for both.
    ours.add(round(1, 100));
    ours.add(round(2, 10));
    ours.add(round(3, 200));
    theirs.add(round(1, 50)); // 0.5
    theirs.add(round(2, 4)); // 0.4
    theirs.add(round(3, 120)); // 0.6

    assertThat(theirs.by(ours)).isEqualTo(new Spread(0.5, 0.4, 0.6, 3));
  }

  @Test
  void ratioIsOnlyAmongRoundsThatBothHave() {
    Result ours = new Result();
    Result theirs = new Result();
    ours.add(round(1, 100));
    ours.add(round(2, 100));
    theirs.add(round(2, 30));
    theirs.add(round(3, 500));

    assertThat(theirs.by(ours)).isEqualTo(new Spread(0.3, 0.3, 0.3, 1));
    assertThat(theirs.by(new Result())).isNull();
  }

  @Test
  void failureIsSaidOnceAndHasNoFigure() {
    Result result = new Result();
    result.add(failed(1));
    result.add(failed(2));

    assertThat(result.spread()).isNull();
    assertThat(result.failures()).containsExactly("could not start");
  }

  @Test
  void failureOfOneRoundLeavesTheOthers() {
    Result result = new Result();
    result.add(round(1, 5));
    result.add(failed(2));

    assertThat(result.spread()).isEqualTo(new Spread(5, 5, 5, 1));
    assertThat(result.failures()).containsExactly("could not start");
  }

  private static Measurement round(int round, double... samples) {
    List<Double> list = Arrays.stream(samples).boxed().toList();
    return new Measurement("get", "x", new TreeMap<>(), "ops/s", list, null, round);
  }

  private static Measurement failed(int round) {
    return new Measurement(
        "get", "x", new TreeMap<>(), "ops/s", List.of(), "could not start", round);
  }
}
