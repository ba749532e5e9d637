package io.kvstore.log;

import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The check that the files of the segments are still in the directory: a segment stays mapped when
 * its file is deleted or replaced, and records appended to it are lost then. Not thread-safe.
 */
public final class SegmentPresence {
  private final SegmentTable segments;

  /** The file key of each checked segment; null if the file system has no keys. */
  private final Map<Segment, @Nullable Object> keys = new WeakHashMap<>();

  public SegmentPresence(SegmentTable segments) {
    this.segments = segments;
  }

  /**
   * Returns a file that is missing, or is not the same as at the first check; null if there is
   * none.
   */
  public @Nullable Path findMissing() throws IOException {
    for (Segment segment : segments.list()) {
      Path file = segment.file();
      // The segment may have been dropped since, and its file deleted or reused.
      if (file != null && isMissing(segment, file) && segments.list().contains(segment)) {
        return file;
      }
    }
    return null;
  }

  private boolean isMissing(Segment segment, Path file) throws IOException {
    Object key;
    try {
      key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return true;
    }
    if (!keys.containsKey(segment)) {
      keys.put(segment, key);
    }
    return !Objects.equals(keys.get(segment), key);
  }
}
