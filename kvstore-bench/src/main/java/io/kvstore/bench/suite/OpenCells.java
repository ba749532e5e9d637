package io.kvstore.bench.suite;

import io.kvstore.bench.ChildJvm;
import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.Table;
import io.kvstore.bench.load.Workload;
import io.kvstore.bench.rival.Rival;
import io.kvstore.bench.rival.RivalStep;
import io.kvstore.bench.rival.StoreSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Opening times: from the call of open to the first value, in a JVM that has opened a small store
 * of the same kind before. The store was closed cleanly after it was filled ("clean") or after its
 * entries were overwritten three times ("loaded"), or ended by {@code kill -9} during puts
 * ("killed").
 */
final class OpenCells {
  static final String QUESTION = "open";
  private static final double CLEAN_SECONDS = 3;
  private static final double KILLED_SECONDS = 7;
  private static final long LOAD_MILLIS = 2_000;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final List<String> HEAP = List.of("-Xms2g", "-Xmx2g");

  private final Run run;

  OpenCells(Run run) {
    this.run = run;
  }

  List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    Plan plan = run.plan();
    for (int entries : plan.openSizes()) {
      addEach(cells, entries, "clean");
    }
    addEach(cells, plan.smallSize(), "loaded");
    addEach(cells, plan.smallSize(), "killed");
    return cells;
  }

  private void addEach(List<Cell> cells, int entries, String state) {
    for (Rival rival : run.plan().rivals()) {
      if (rival.isPersistent()) {
        boolean killed = state.equals("killed");
        cells.add(
            new Cell(
                QUESTION,
                rival,
                Map.of("entries", entries, "state", state),
                "ms",
                killed ? KILLED_SECONDS : CLEAN_SECONDS,
                line -> killed ? openKilled(line, entries) : open(line, files(line, entries))));
      }
    }
  }

  private StoreSpec files(Line line, int entries) {
    Path directory =
        line.params().containsValue("loaded")
            ? run.overwritten(line.rival())
            : run.templates().directory(line.rival(), entries, Workload.VALUE_BYTES);
    return StoreSpec.fast(directory, entries);
  }

  private String open(Line line, StoreSpec spec) {
    Rival rival = line.rival();
    List<String> output =
        Run.inChild(RivalStep.class, rival, HEAP, RivalStep.arguments("open", rival, spec));
    double millis = Long.parseLong(output.get(0)) / NANOS_PER_MILLI;
    run.results().add(line, List.of(millis));
    return Table.figure(millis, 1) + " ms";
  }

  private String openKilled(Line line, int entries) throws InterruptedException {
    try (ScratchDirectory scratch = run.copy(line.rival(), entries)) {
      StoreSpec spec = StoreSpec.fast(scratch.path(), entries);
      List<String> flags = new ArrayList<>(HEAP);
      flags.addAll(line.rival().jvmFlags());
      try (ChildJvm child =
          ChildJvm.start(RivalStep.class, flags, RivalStep.arguments("load", line.rival(), spec))) {
        child.readLine();
        Thread.sleep(LOAD_MILLIS);
      }
      return open(line, spec);
    }
  }
}
