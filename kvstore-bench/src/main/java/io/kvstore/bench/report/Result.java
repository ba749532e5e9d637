package io.kvstore.bench.report;

import io.kvstore.bench.Samples;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All results of one subject for one question and one set of parameters, by round. */
final class Result {
  private final SortedMap<Integer, Samples> rounds = new TreeMap<>();
  private final Set<String> failures = new LinkedHashSet<>();

  /** Takes in what was measured; samples of the same round lie together. */
  void add(Measurement measurement) {
    String failed = measurement.failed();
    if (failed == null) {
      Samples samples = rounds.computeIfAbsent(measurement.round(), unused -> new Samples());
      measurement.samples().forEach(samples::add);
    } else {
      failures.add(failed);
    }
  }

  /** Returns the spread of the rounds' medians, or null if every round failed. */
  @Nullable Spread spread() {
    return rounds.isEmpty() ? null : Spread.of(medians().values());
  }

  /**
   * Returns the spread of the ratios to the other, each of two medians of the same round: what
   * disturbed the machine then disturbed both. Null if they have no round in common.
   */
  @Nullable Spread by(Result other) {
    List<Double> ratios = new ArrayList<>();
    Map<Integer, Double> others = other.medians();
    medians()
        .forEach(
            (round, median) -> {
              Double base = others.get(round);
              if (base != null && base > 0) {
                ratios.add(median / base);
              }
            });
    return ratios.isEmpty() ? null : Spread.of(ratios);
  }

  /** Returns why there are no figures, or not for all rounds; each sentence once. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  private SortedMap<Integer, Double> medians() {
    SortedMap<Integer, Double> medians = new TreeMap<>();
    rounds.forEach((round, samples) -> medians.put(round, samples.median()));
    return medians;
  }
}
