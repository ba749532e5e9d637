package io.kvstore.engine;

import io.kvstore.log.Storage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file beside its place, syncs it, and renames it into its place: a crash leaves the file
 * that was there, or the new one, whole.
 */
final class FileReplacement {
  /** What the name of a file that is being written ends in. */
  static final String SUFFIX = ".new";

  private FileReplacement() {}

  /** Writes what the file is to hold. */
  @FunctionalInterface
  interface Content {
    void writeTo(FileChannel file) throws IOException;
  }

  static void write(Path directory, String file, Storage storage, Content content)
      throws IOException {
    Path fresh = directory.resolve(file + SUFFIX);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      content.writeTo(channel);
      storage.sync(channel);
    }
    Files.move(fresh, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    storage.syncDirectory(directory);
  }
}
