package io.kvstore.log;

import io.kvstore.segment.Segment;
import java.util.List;

/**
 * A sync point: a position in the log, with the ranges that have to be synced for all changes up to
 * it to be durable.
 *
 * @param sequence the last change up to the position
 */
record SyncPoint(long sequence, List<Part> parts) {

  /** Returns the number of bytes to be synced. */
  long bytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes += part.to() - part.from();
    }
    return bytes;
  }

  /** A range of a segment that is written and not synced. */
  record Part(Segment segment, int from, int to) {}
}
