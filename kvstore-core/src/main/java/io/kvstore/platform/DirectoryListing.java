package io.kvstore.platform;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The listing of a directory, without the classes of a stream, which opening a store would load
 * only for this.
 */
public final class DirectoryListing {
  private DirectoryListing() {}

  /** Returns the entries of the directory, in any order. */
  public static List<Path> of(Path directory) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        all.add(file);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return all;
  }
}
