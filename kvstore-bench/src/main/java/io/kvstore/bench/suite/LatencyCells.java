package io.kvstore.bench.suite;

import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.rival.Rival;
import java.util.List;
import java.util.Map;

/** Latency questions, with the same rate of gets and puts for all: see {@link LatencyStep}. */
final class LatencyCells {
  private static final int RATE = 20_000; // a second: nearly the slowest one's best
  private static final double SECONDS_PER_ITERATION = 6;
  private static final double START_SECONDS = 8;
  private static final double WARMUP = 4.0 / 3;

  private final Run run;

  LatencyCells(Run run) {
    this.run = run;
  }

  List<Cell> cells() {
    int entries = run.plan().largeSize();
    double seconds = run.plan().seconds() * SECONDS_PER_ITERATION;
    return run.plan().rivals().stream()
        .map(
            rival ->
                new Cell(
                    "latencyGet",
                    rival,
                    Map.of("entries", entries, "rate", RATE),
                    "us",
                    START_SECONDS + seconds * WARMUP,
                    line -> measure(line, entries, seconds)))
        .toList();
  }

  private String measure(Line line, int entries, double seconds) {
    Rival rival = line.rival();
    try (ScratchDirectory scratch = run.copy(rival, entries)) {
      List<String> arguments =
          List.of(
              rival.name(),
              scratch.path().toString(),
              String.valueOf(entries),
              String.valueOf(RATE),
              String.valueOf(seconds));
      String longest = "";
      for (String found :
          Run.inChild(LatencyStep.class, rival, run.plan().heapFlags(), arguments)) {
        String[] parts = found.split(" ", 3);
        Map<String, ?> params =
            Map.of("entries", entries, "rate", RATE, "threads", 2, "percentile", parts[1]);
        run.results()
            .add(
                new Line(parts[0], rival, params, line.unit(), line.round()),
                List.of(Double.valueOf(parts[2])));
        longest = parts[1].equals("max") ? longest + found + " us; " : longest;
      }
      return longest;
    }
  }
}
