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
 * Looks whether the files of the segments are where they belong: a segment stays mapped when its
 * file is deleted or another takes its place, and what is appended to it is lost. Not for several
 * threads at once.
 */
public final class SegmentPresence {
  private final SegmentTable segments;

  /** Of each segment that was looked at, which file it was: null where files have no keys. */
  private final Map<Segment, @Nullable Object> keys = new WeakHashMap<>();

  public SegmentPresence(SegmentTable segments) {
    this.segments = segments;
  }

  /** Returns a file that is gone, or is another than at the first look; null if all is well. */
  public @Nullable Path findMissing() throws IOException {
    for (Segment segment : segments.list()) {
      Path file = segment.file();
      // It may have been dropped since, and its file deleted or used again.
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
