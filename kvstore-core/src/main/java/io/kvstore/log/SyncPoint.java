package io.kvstore.log;

import io.kvstore.segment.Segment;
import java.util.List;

/**
 * A moment in the log, and what has to be synced for all changes up to it to be safe.
 *
 * @param sequence the last change before the moment
 */
record SyncPoint(long sequence, List<Part> parts) {

  /** Returns how many bytes have to be synced. */
  long bytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes += part.to() - part.from();
    }
    return bytes;
  }

  /** A part of a segment that has been written and not synced. */
  record Part(Segment segment, int from, int to) {}
}
