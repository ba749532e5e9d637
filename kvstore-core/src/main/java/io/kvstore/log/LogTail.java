package io.kvstore.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The segment that a log appends to.
 *
 * @param id 0 if there is none yet
 * @param writer the tag of who wrote its last mark; 0 if nothing says so
 */
public record LogTail(long id, int secret, int writer) {
  /** Of a log without segments. */
  public static final LogTail NONE = new LogTail(0, 0, 0);

  /** Returns that of a log as it is now. */
  public static LogTail of(Log log) {
    return log.locked(
        () -> {
          ActiveSegment active = log.active();
          return active == null
              ? NONE
              : new LogTail(
                  active.segment().id(), active.segment().secret(), active.segment().writer());
        });
  }

  /** Returns the file of a directory that has this segment's name and is not it, or null. */
  public @Nullable Path foreignIn(Path directory) throws IOException {
    Path file = new SegmentFiles(directory, Storage.FILES, false).path(id);
    if (!Files.exists(file)) {
      return null;
    }
    SegmentHeader header = FoundFiles.headerOf(file);
    return header == null || header.secret() == secret ? null : file;
  }
}
