package io.kvstore.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A directory for short-lived files; deleted when the JVM ends. */
public final class ScratchFiles {
  private final Path directory;

  private ScratchFiles(Path directory) {
    this.directory = directory;
  }

  /** Makes an empty directory. */
  public static ScratchFiles create() {
    try {
      ScratchFiles created = new ScratchFiles(Files.createTempDirectory("kvstore-fuzz"));
      Runtime.getRuntime().addShutdownHook(new Thread(created::remove));
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the directory. */
  public Path directory() {
    return directory;
  }

  /** Makes these bytes the content of a file. */
  public void write(String name, byte[] bytes) {
    try {
      Files.write(directory.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes all files. */
  public void clear() {
    try {
      for (Path file : files()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether a file has this content. */
  public boolean has(String name, byte[] bytes) {
    try {
      return Arrays.equals(Files.readAllBytes(directory.resolve(name)), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private void remove() {
    try {
      clear();
      Files.delete(directory);
    } catch (IOException | UncheckedIOException e) {
      // The directory of temporary files is cleaned by others.
    }
  }
}
