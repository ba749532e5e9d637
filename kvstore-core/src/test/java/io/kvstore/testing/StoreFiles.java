package io.kvstore.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The files of a store as left by a crash. */
public final class StoreFiles {
  private static final String LOCK = "lock";

  private StoreFiles() {}

  /**
   * Copies what a crash at this moment would leave. The lock file is made up: to read that of an
   * open store would release the lock, which belongs to the process and ends with any close.
   */
  public static void copy(Path from, Path to) throws IOException {
    // A crash stops everything at one moment: a copy during which files came or went is none.
    while (!isCopied(from, to)) {
      delete(to);
    }
  }

  private static boolean isCopied(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    Files.write(to.resolve(LOCK), "process 1 on nowhere".getBytes(UTF_8));
    List<Path> files = list(from);
    byte[] segments = segments(from);
    try {
      for (Path file : files) {
        if (!file.endsWith(LOCK)) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    return list(from).equals(files) && Arrays.equals(segments, segments(from));
  }

  private static byte[] segments(Path directory) throws IOException {
    Path file = directory.resolve("segments");
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  /** Deletes a directory and the files in it. */
  public static void delete(Path directory) throws IOException {
    for (Path file : list(directory)) {
      Files.delete(file);
    }
    Files.delete(directory);
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
