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
 * The detection of a full disk: distinguishes a write that failed for lack of space from other I/O
 * errors. Java has no error numbers, and the messages of the system may be in any language. So the
 * system is asked for its messages for a full device and for a file that is too large, and probed:
 * if bytes can be overwritten but none can be added, space is what is missing, perhaps because of a
 * quota.
 */
public final class FullDisk {
  /** A device that is always full, on Linux. */
  private static final Path FULL_DEVICE = Path.of("/dev/full");

  /** The size of the probe file. */
  private static final int PROBE_BYTES = 64 << 10;

  private static final String PROBE = "probe" + AtomicFile.SUFFIX;

  private FullDisk() {}

  /**
   * Returns whether lack of space is the cause of a failure. Call it on a thread of the store.
   *
   * @param directory the directory that was written to
   * @param bytes the number of bytes that were to be written
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

  /** Returns the error of a write to a file, or null if it succeeds. */
  private static @Nullable IOException failureOf(Path file, long at) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int unused = channel.write(ByteBuffer.allocate(1), at);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /** Returns whether growing a file fails with the same message. */
  private static boolean isRefusedGrowth(IOException failure, Path probe) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            probe,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      if (isSame(failure, failureOf(probe, Long.MAX_VALUE - Long.BYTES))) {
        return true; // too large, for the file system or for the file size limit of this process
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
      return false; // overwriting fails too: the cause is another one, or unknown
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
