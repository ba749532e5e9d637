package io.kvstore.server.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A log file, to which whole lines are appended. If it is moved away or deleted, as by log
 * rotation, the next lines go to a new file. For use by one thread, except {@link #close}.
 */
final class LogFile {
  /** The interval between two checks whether the file still exists. */
  private static final Duration LOOK_TIME = Duration.ofSeconds(1);

  private final @Nullable Path path;
  private OutputStream out;
  private @Nullable Object key;
  private long lookedAt;

  private LogFile(@Nullable Path path, OutputStream out) {
    this.path = path;
    this.out = out;
  }

  static LogFile standardOutput() {
    return new LogFile(null, new FileOutputStream(FileDescriptor.out));
  }

  /** Opens a file, and creates it if it is missing. */
  static LogFile open(Path path) throws IOException {
    LogFile file = new LogFile(path, append(path));
    file.key = key(path);
    file.lookedAt = System.nanoTime();
    return file;
  }

  /** Appends lines. */
  void write(byte[] lines) throws IOException {
    if (path != null && System.nanoTime() - lookedAt >= LOOK_TIME.toNanos()) {
      look(path);
    }
    out.write(lines);
  }

  /** Opens a new file if the current one has been moved away or deleted. */
  void look(Path there) throws IOException {
    lookedAt = System.nanoTime();
    if (!Files.exists(there) || !Objects.equals(key(there), key)) {
      OutputStream next = append(there);
      out.close();
      out = next;
      key = key(there);
    }
  }

  private static OutputStream append(Path path) throws IOException {
    return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Returns the identity of the file at a path, or null if it is unknown. */
  private static @Nullable Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Closes the file, unless it is the standard output. */
  void close() {
    if (path != null) {
      try {
        out.close();
      } catch (IOException e) {
        // All lines have been written, or their loss has been reported.
      }
    }
  }
}
