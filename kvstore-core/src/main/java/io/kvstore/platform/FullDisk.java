package io.kvstore.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a disk has refused a write for want of room, or takes none at all: Java has no
 * error numbers, and the system says them in any language. So the system is asked what it says of a
 * device that is full and of a file that is too large, and what it still does: where bytes can be
 * overwritten and none added, room is what is missing, be it a quota's.
 */
public final class FullDisk {
  /** A device that has no room, on Linux. */
  private static final Path FULL_DEVICE = Path.of("/dev/full");

  /** As much as a small file may have. */
  private static final int PROBE_BYTES = 64 << 10;

  private static final String PROBE = "probe" + AtomicFile.SUFFIX;

  private FullDisk() {}

  /**
   * Tells whether that is why something failed. To be called on a thread of the store.
   *
   * @param directory where it was to be written
   * @param bytes how much
   */
  public static boolean isCause(Throwable failure, Path directory, long bytes) {
    if (!(failure instanceof IOException e)) {
      return false;
    }
    try {
      var store = Files.getFileStore(directory);
      return store.isReadOnly()
          || store.getUsableSpace() < bytes
          || isSame(e, failureOf(FULL_DEVICE, 0))
          || isRefusedGrowth(e, directory.resolve(PROBE));
    } catch (IOException another) {
      e.addSuppressed(another);
      return false;
    }
  }

  private static boolean isSame(IOException failure, @Nullable IOException other) {
    return other != null && Objects.equals(reason(failure), reason(other));
  }

  private static @Nullable String reason(IOException e) {
    return e instanceof FileSystemException system ? system.getReason() : e.getMessage();
  }

  /** Returns how the system refuses to write to a file, or null if it does not. */
  private static @Nullable IOException failureOf(Path file, long at) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int unused = channel.write(ByteBuffer.allocate(1), at);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /** Tells whether the system refuses a file that grows, in the same words. */
  private static boolean isRefusedGrowth(IOException failure, Path probe) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            probe,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      if (isSame(failure, failureOf(probe, Long.MAX_VALUE - Long.BYTES))) {
        return true; // too large, for the file system or for what this process may write
      }
      int written = channel.write(ByteBuffer.allocate(1), 0);
      try {
        for (int at = written; at < PROBE_BYTES; ) {
          at += channel.write(ByteBuffer.allocate(PROBE_BYTES - at), at);
        }
        return false;
      } catch (IOException e) {
        return isSame(failure, e) && channel.write(ByteBuffer.allocate(1), 0) == 1;
      }
    } catch (IOException e) {
      return false; // not even that: something else is wrong, or there is no telling
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
