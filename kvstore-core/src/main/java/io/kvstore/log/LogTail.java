package io.kvstore.log;

import io.kvstore.CorruptStoreException;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.platform.Storage;
import io.kvstore.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The tail of a log: its active segment.
 *
 * @param id 0 if there is none yet
 * @param writer the tag of the writer of its last sync marker; 0 if not known
 */
public record LogTail(long id, int secret, int writer) {
  /** The tail of a log without segments. */
  public static final LogTail NONE = new LogTail(0, 0, 0);

  /** Returns the current tail of a log. */
  public static LogTail of(Log log) {
    return log.locked(
        new Supplier<>() {
          @Override
          public LogTail get() {
            ActiveSegment active = log.active();
            return active == null
                ? NONE
                : new LogTail(
                    active.segment().id(), active.segment().secret(), active.segment().writer());
          }
        });
  }

  /**
   * Requires that a directory has no other file with the name of this segment, and that it has any
   * segment: a log with a tail is never left without one.
   *
   * @throws CorruptStoreException naming the file
   */
  public void requireNoOtherIn(Path directory) throws IOException {
    SegmentFiles files = new SegmentFiles(directory, Storage.FILES, false);
    Path file = files.path(id);
    SegmentHeader header = Files.exists(file) ? SegmentHeader.read(file) : null;
    if (header != null) {
      require(header, file);
    } else if (id > 0 && !hasSegments(files)) {
      throw new CorruptStoreException(
          file, 0, "the file is missing or blank, though the history of the store names it");
    }
  }

  private static boolean hasSegments(SegmentFiles files) throws IOException {
    boolean found =
        Files.exists(files.directory().resolve(SegmentList.FILE))
            || !files.list(SegmentHeader.COMPACTED).isEmpty();
    for (Path file : files.list(SegmentHeader.LOG)) {
      found |= SegmentHeader.read(file) != null;
    }
    return found;
  }

  /** Requires that a segment with the name of this one is this one. */
  public void require(SegmentHeader header, Path file) {
    if (header.id() == id && !header.isCompacted() && header.secret() != secret) {
      throw new CorruptStoreException(
          file,
          0,
          "this is not the segment of the history: files of different times or stores are mixed;"
              + " put back those of one time, all of them");
    }
  }
}
