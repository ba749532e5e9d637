package io.kvstore.bench.rival;

import io.kvstore.bench.ChildJvm;
import io.kvstore.bench.DirectoryCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Template stores: each is filled once, in its own process, and copied for every measurement.
 * Filling some rivals takes minutes, copying their files seconds.
 */
public final class Templates {
  /** Names the directory for all processes of a run. */
  public static final String PROPERTY = "bench.templates";

  /** Time limit for filling. */
  public static final Duration FILL_LIMIT = Duration.ofMinutes(10);

  private static final List<String> JVM_FLAGS = List.of("-Xmx4g");

  private final Path root;

  /** Keeps them in a directory. */
  public Templates(Path root) {
    this.root = root;
  }

  /** Returns the templates of this run, or null if it has none. */
  public static @Nullable Templates ofThisRun() {
    String directory = System.getProperty(PROPERTY);
    return directory == null ? null : new Templates(Path.of(directory));
  }

  /** Returns the directory of a template, which need not exist. */
  public Path directory(Rival rival, int entries, int valueBytes) {
    return root.resolve(rival.name() + "-" + entries + "-" + valueBytes);
  }

  /** Copies a template into a directory, and fills it first if necessary. */
  public void copy(Rival rival, StoreSpec to) {
    Path template = directory(rival, to.entries(), to.valueBytes());
    if (!Files.exists(template)) {
      fill(rival, to.entries(), to.valueBytes(), FILL_LIMIT);
    }
    DirectoryCopy.copy(template, to.directory());
  }

  /**
   * Fills a template and closes it.
   *
   * @return the bytes of heap that the store had in use when it was full
   * @throws IllegalStateException if the rival can't start, or not fill it within the limit
   */
  public long fill(Rival rival, int entries, int valueBytes, Duration limit) {
    Path template = directory(rival, entries, valueBytes);
    Path unfinished = root.resolve(template.getFileName() + ".unfinished");
    try {
      Files.createDirectories(unfinished);
      StoreSpec spec = new StoreSpec(unfinished, entries, valueBytes, false);
      List<String> flags = new ArrayList<>(JVM_FLAGS);
      flags.addAll(rival.jvmFlags());
      List<String> arguments = RivalStep.arguments("fill", rival, spec);
      long heapBytes;
      try (ChildJvm child = ChildJvm.start(RivalStep.class, flags, arguments)) {
        heapBytes = Long.parseLong(child.output(limit).get(0));
      }
      Files.move(unfinished, template);
      return heapBytes;
    } catch (IOException e) {
      throw new UncheckedIOException("can't make " + template, e);
    }
  }
}
