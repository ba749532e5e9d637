package io.kvstore.bench.suite;

import io.kvstore.bench.DiskUsage;
import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.load.Workload;
import io.kvstore.bench.rival.Rival;
import io.kvstore.bench.rival.RivalStep;
import io.kvstore.bench.rival.StoreSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Fills every store once, and overwrites the entries of the small ones three times in random order.
 * The heap and disk usage afterwards are results; the files are the templates for the other
 * questions.
 */
final class Filling {
  private static final double SECONDS_PER_MILLION = 6; // of the slow ones, roughly
  private static final double OVERWRITING_SECONDS = 25;
  private static final double START_SECONDS = 3;
  private static final double MILLION = 1e6;
  private static final String HEAP_PER_ENTRY = "heapPerEntry";
  private static final String DISK_PER_ENTRY = "diskPerEntry";
  private static final String BYTES = "bytes";

  private final Run run;

  Filling(Run run) {
    this.run = run;
  }

  /** Returns what these questions need, and those about heap and disk if they are asked. */
  List<Cell> cells(List<Cell> asked) {
    List<Cell> cells = new ArrayList<>();
    Plan plan = run.plan();
    for (int entries : sizes(asked)) {
      for (Rival rival : plan.rivals()) {
        if (rival.isPersistent()) {
          cells.add(fill(rival, entries));
        } else if (plan.asks(HEAP_PER_ENTRY)) {
          cells.add(heap(rival, entries));
        }
      }
    }
    for (Rival rival : plan.rivals()) {
      if (rival.isPersistent() && (plan.asks(DISK_PER_ENTRY) || plan.asks(OpenCells.QUESTION))) {
        cells.add(overwrite(rival, plan.smallSize()));
      }
    }
    return cells;
  }

  private Iterable<Integer> sizes(List<Cell> asked) {
    Plan plan = run.plan();
    SortedSet<Integer> sizes = new TreeSet<>();
    if (plan.asks(HEAP_PER_ENTRY) || plan.asks(DISK_PER_ENTRY)) {
      sizes.addAll(plan.sizes());
    }
    for (Cell cell : asked) {
      if (cell.params().get("entries") instanceof Integer entries) {
        sizes.add(entries);
      }
    }
    return sizes;
  }

  private static Map<String, ?> params(int entries, String state) {
    return Map.of("entries", entries, "state", state);
  }

  private static double seconds(int entries) {
    return START_SECONDS + SECONDS_PER_MILLION * entries / MILLION;
  }

  private Cell fill(Rival rival, int entries) {
    return new Cell(
        HEAP_PER_ENTRY,
        rival,
        params(entries, "loaded"),
        BYTES,
        seconds(entries),
        line -> {
          long heapBytes;
          try {
            heapBytes =
                run.templates().fill(rival, entries, Workload.VALUE_BYTES, run.plan().fillLimit());
          } catch (RuntimeException e) {
            run.failed(rival, entries, "not filled: " + e.getMessage());
            throw e;
          }
          double heap = (double) heapBytes / entries;
          run.results().add(line, List.of(heap));
          return heap + " bytes of heap; " + addDisk(line, directory(rival, entries), entries);
        });
  }

  private Path directory(Rival rival, int entries) {
    return run.templates().directory(rival, entries, Workload.VALUE_BYTES);
  }

  private String addDisk(Line like, Path directory, int entries) {
    double disk = (double) DiskUsage.of(directory) / entries;
    Line line = new Line(DISK_PER_ENTRY, like.rival(), like.params(), BYTES, like.round());
    run.results().add(line, List.of(disk));
    return disk + " bytes of disk";
  }

  private Cell heap(Rival rival, int entries) {
    return new Cell(
        HEAP_PER_ENTRY,
        rival,
        params(entries, "loaded"),
        BYTES,
        seconds(entries),
        line -> {
          try (ScratchDirectory scratch = ScratchDirectory.create()) {
            StoreSpec spec = StoreSpec.fast(scratch.path(), entries);
            double heap = Double.parseDouble(step("fill", rival, spec).get(0)) / entries;
            run.results().add(line, List.of(heap));
            return heap + " bytes of heap";
          }
        });
  }

  private Cell overwrite(Rival rival, int entries) {
    return new Cell(
        DISK_PER_ENTRY,
        rival,
        params(entries, "overwritten"),
        BYTES,
        OVERWRITING_SECONDS,
        line -> addDisk(line, overwritten(rival, entries), entries));
  }

  private Path overwritten(Rival rival, int entries) throws IOException {
    Path directory = run.overwritten(rival);
    Files.createDirectories(directory);
    StoreSpec spec = StoreSpec.fast(directory, entries);
    run.templates().copy(rival, spec);
    step("overwrite", rival, spec);
    return directory;
  }

  private List<String> step(String step, Rival rival, StoreSpec spec) {
    List<String> arguments = RivalStep.arguments(step, rival, spec);
    return Run.inChild(RivalStep.class, rival, run.plan().heapFlags(), arguments);
  }
}
