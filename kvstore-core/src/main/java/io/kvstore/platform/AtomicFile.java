package io.kvstore.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Atomic file replacement: writes a temporary file, syncs it, and renames it to its name. A crash
 * leaves the old file or the new one, whole.
 */
public final class AtomicFile {
  /** The suffix of a temporary file. */
  public static final String SUFFIX = ".new";

  private AtomicFile() {}

  /** The writer of the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes the whole content. */
    void writeTo(FileChannel file) throws IOException;
  }

  /** Returns a content that consists of these bytes. */
  public static Content of(ByteBuffer bytes, Storage storage) {
    return new Content() {
      @Override
      public void writeTo(FileChannel file) throws IOException {
        storage.write(file, bytes, 0);
      }
    };
  }

  /** Replaces a file; the replacement is durable on return. */
  public static void write(Path directory, String file, Storage storage, Content content)
      throws IOException {
    stage(directory, file, storage, content);
    move(directory, file, storage);
    storage.syncDirectory(directory);
  }

  /** Writes and syncs the temporary file. */
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

  /** Renames a temporary file to its name; durable once the directory is synced. */
  public static void move(Path directory, String file, Storage storage) throws IOException {
    storage.move(directory.resolve(file + SUFFIX), directory.resolve(file));
  }
}
