package io.kvstore.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file beside its place, syncs it, and renames it into its place: a crash leaves the file
 * that was there, or the new one, whole.
 */
public final class AtomicFile {
  /** What the name of a file that is being written ends in. */
  public static final String SUFFIX = ".new";

  private AtomicFile() {}

  /** Writes what the file is to hold. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it. */
    void writeTo(FileChannel file) throws IOException;
  }

  /** Replaces a file, durably on return. */
  public static void write(Path directory, String file, Storage storage, Content content)
      throws IOException {
    stage(directory, file, storage, content);
    move(directory, file, storage);
    storage.syncDirectory(directory);
  }

  /** Writes the file beside its place. */
  public static void stage(Path directory, String file, Storage storage, Content content)
      throws IOException {
    try (FileChannel channel =
        storage.open(
            directory.resolve(file + SUFFIX),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      content.writeTo(channel);
      storage.sync(channel);
    }
  }

  /** Renames a staged file into its place; durable once the directory is synced. */
  public static void move(Path directory, String file, Storage storage) throws IOException {
    storage.move(directory.resolve(file + SUFFIX), directory.resolve(file));
  }
}
