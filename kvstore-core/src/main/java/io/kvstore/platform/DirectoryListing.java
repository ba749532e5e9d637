package io.kvstore.platform;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The names in a directory, without the classes of a stream: an opening has no other use for it.
 */
public final class DirectoryListing {
  private DirectoryListing() {}

  /** Returns what there is, in any order. */
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
