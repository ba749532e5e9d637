package io.kvstore.bench.suite;

import io.kvstore.bench.ChildJvm;
import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.rival.Rival;
import io.kvstore.bench.rival.StoreSpec;
import io.kvstore.bench.rival.Templates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The context shared by all parts of a run. */
final class Run {
  /** How long anything but filling may take before it counts as failed. */
  static final Duration LIMIT = Duration.ofMinutes(5);

  private final Plan plan;
  private final Path root;
  private final Results results;
  private final Map<String, String> failures = new HashMap<>();

  Run(Plan plan, Path root, Results results) {
    this.plan = plan;
    this.root = root;
    this.results = results;
  }

  Plan plan() {
    return plan;
  }

  Results results() {
    return results;
  }

  Path templateRoot() {
    return root.resolve("templates");
  }

  Templates templates() {
    return new Templates(templateRoot());
  }

  /** Returns where the files of a rival are whose entries have been overwritten. */
  Path overwritten(Rival rival) {
    return root.resolve("overwritten-" + rival.name());
  }

  /** Records that a rival has no filled store of this size. */
  void failed(Rival rival, int entries, String sentence) {
    failures.put(rival + " " + entries, sentence);
  }

  /** Returns why a rival has no filled store of this size, or null if it has. */
  @Nullable String failure(Rival rival, int entries) {
    return failures.get(rival + " " + entries);
  }

  /** Runs a main class with a rival's flags, and returns the lines that it wrote. */
  static List<String> inChild(
      Class<?> main, Rival rival, List<String> flags, List<String> arguments) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(rival.jvmFlags());
    try (ChildJvm child = ChildJvm.start(main, all, arguments)) {
      return child.output(LIMIT);
    }
  }

  /**
   * Returns a new directory with a copy of a filled store, or an empty one for who has no files.
   */
  ScratchDirectory copy(Rival rival, int entries) {
    ScratchDirectory scratch = ScratchDirectory.create();
    if (rival.isPersistent()) {
      templates().copy(rival, StoreSpec.fast(scratch.path(), entries));
    }
    return scratch;
  }
}
