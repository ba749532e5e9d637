package io.kvstore.bench.suite;

import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.Table;
import io.kvstore.bench.rival.Rival;
import io.kvstore.bench.rival.Templates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;

/** Throughput questions, each measured by one fork of a JMH benchmark. */
final class JmhCells {
  private static final int THREADS = 2;
  private static final int MANY_THREADS = 64;
  private static final double START_SECONDS = 5;
  private static final double SECONDS_PER_MILLION = 0.4; // of copying
  private static final double MILLION = 1e6;

  private final Run run;

  JmhCells(Run run) {
    this.run = run;
  }

  List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (int entries : run.plan().sizes()) {
      addEach(cells, entries, new Asked("get", "GetBenchmark.get", Map.of()));
      addEach(cells, entries, new Asked("put", "jmh.PutBenchmark.put", Map.of()));
      addEach(cells, entries, mixed(10));
      addEach(cells, entries, mixed(50));
    }
    addDurable(cells, "SyncPutBenchmark.oneThread", 1);
    addDurable(cells, "SyncPutBenchmark.sixtyFourThreads", MANY_THREADS);
    return cells;
  }

  private record Asked(String question, String benchmark, Map<String, String> params) {}

  private static Asked mixed(int putPercent) {
    Map<String, String> params = Map.of("putPercent", String.valueOf(putPercent));
    return new Asked("mixed" + (100 - putPercent), "MixedBenchmark.getOrPut", params);
  }

  private void addEach(List<Cell> cells, int entries, Asked asked) {
    for (Rival rival : run.plan().rivals()) {
      Map<String, String> params = new HashMap<>(asked.params());
      params.put("store", rival.name());
      params.put("entries", String.valueOf(entries));
      double seconds = seconds() + SECONDS_PER_MILLION * entries / MILLION;
      Map<String, Integer> shown = Map.of("entries", entries, "threads", THREADS);
      cells.add(
          new Cell(
              asked.question(),
              rival,
              shown,
              "ops/s",
              seconds,
              line -> measure(line, asked.benchmark(), params)));
    }
  }

  private void addDurable(List<Cell> cells, String benchmark, int threads) {
    for (Rival rival : run.plan().rivals()) {
      if (rival.reallySyncs()) {
        Map<String, String> params = Map.of("store", rival.name());
        cells.add(
            new Cell(
                "durablePut",
                rival,
                Map.of("threads", threads),
                "ops/s",
                seconds(),
                line -> measure(line, benchmark, params)));
      }
    }
  }

  private double seconds() {
    return START_SECONDS + JmhFork.ITERATIONS * run.plan().seconds();
  }

  private String measure(Line line, String benchmark, Map<String, String> params)
      throws IOException {
    List<String> flags = new ArrayList<>(run.plan().heapFlags());
    flags.addAll(line.rival().jvmFlags());
    flags.add("-D" + Templates.PROPERTY + "=" + run.templateRoot());
    flags.add("-Dbench.dir=" + ScratchDirectory.parent());
    JmhFork fork = new JmhFork(benchmark, params, flags, run.plan().seconds());
    RunResult result = fork.run(raw(line));
    List<Double> scores = JmhFork.scores(result);
    run.results().add(line, scores);
    addCpu(line, JmhFork.secondary(result, "cpu"));
    return Table.figure(result.getPrimaryResult().getScore(), 0) + " ops/s";
  }

  private void addCpu(Line of, List<Double> nanos) {
    Map<String, Object> params = new HashMap<>(of.params());
    params.put("of", of.question());
    run.results().add(new Line("cpuPerOp", of.rival(), params, "ns", of.round()), nanos);
  }

  private Path raw(Line line) {
    String params = String.join("-", line.params().values().stream().map(String::valueOf).toList());
    String subject = line.rival().label().replace(' ', '_');
    return run.results()
        .folder()
        .resolve(
            "jmh-" + line.round() + "-" + line.question() + "-" + params + "-" + subject + ".json");
  }
}
