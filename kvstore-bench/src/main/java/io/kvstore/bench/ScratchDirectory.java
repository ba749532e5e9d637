package io.kvstore.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary directory for one store.
 *
 * <p>Closing deletes it; so does the end of the process if it was not closed; the next benchmark
 * deletes what a killed process left behind. It is made in the directory that the system property
 * {@code bench.dir} names, by default the one for temporary files.
 */
public final class ScratchDirectory implements AutoCloseable {
  private static final String PREFIX = "kvstore-bench-";
  private static final int DELETE_ATTEMPTS = 5;

  private final Path path;
  private final Thread deleteAtExit;

  private ScratchDirectory(Path path) {
    this.path = path;
    deleteAtExit = new Thread(() -> deleteWhatIsThere(path));
  }

  /** Makes an empty one. */
  public static ScratchDirectory create() {
    Path parent = parent();
    try {
      Files.createDirectories(parent);
      deleteLeftovers(parent);
      String prefix = PREFIX + ProcessHandle.current().pid() + "-";
      ScratchDirectory scratch = new ScratchDirectory(Files.createTempDirectory(parent, prefix));
      Runtime.getRuntime().addShutdownHook(scratch.deleteAtExit);
      return scratch;
    } catch (IOException e) {
      throw new UncheckedIOException("can't make a scratch directory in " + parent, e);
    }
  }

  /** Returns the directory that they are made in. */
  public static Path parent() {
    return Path.of(System.getProperty("bench.dir", System.getProperty("java.io.tmpdir")));
  }

  /** Returns the place. */
  public Path path() {
    return path;
  }

  /** Returns the files with names that end so, in no order that means anything. */
  public List<Path> filesNamed(String ending) {
    try (Stream<Path> files = Files.walk(path)) {
      return files.filter(file -> file.getFileName().toString().endsWith(ending)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("can't list " + path, e);
    }
  }

  /** Deletes it with all that is in it. */
  @Override
  public void close() {
    try {
      delete(path);
      Runtime.getRuntime().removeShutdownHook(deleteAtExit);
    } catch (IllegalStateException e) {
      // The process is ending already, and the hook at work.
    } catch (IOException e) {
      throw new UncheckedIOException("can't delete " + path, e);
    }
  }

  private static void deleteLeftovers(Path parent) throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, PREFIX + "*-*")) {
      for (Path directory : directories) {
        if (!isOfLiveProcess(directory)) {
          deleteWhatIsThere(directory);
        }
      }
    }
  }

  private static boolean isOfLiveProcess(Path directory) {
    String name = directory.getFileName().toString();
    String pid = name.substring(PREFIX.length(), name.indexOf('-', PREFIX.length()));
    try {
      return ProcessHandle.of(Long.parseLong(pid)).isPresent();
    } catch (NumberFormatException e) {
      return true; // not ours, so not ours to delete
    }
  }

  /** Deletes as far as possible: a store that was not closed may create files concurrently. */
  private static void deleteWhatIsThere(Path directory) {
    Exception failure = null;
    for (int attempt = 0; attempt < DELETE_ATTEMPTS; attempt++) {
      try {
        delete(directory);
        return;
      } catch (IOException | UncheckedIOException e) {
        failure = e;
      }
    }
    System.err.println(
        "left for the next benchmark to delete: " + directory + " (" + failure + ")");
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
