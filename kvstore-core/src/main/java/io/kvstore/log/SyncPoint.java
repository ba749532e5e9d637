package io.kvstore.log;

import java.util.List;

/**
 * A moment in the log, and what has to be synced for all changes up to it to be safe.
 *
 * @param sequence the last change before the moment
 */
record SyncPoint(long sequence, List<Part> parts) {

  /** Returns how many bytes have to be synced. */
  long bytes() {
    return parts.stream().mapToLong(part -> part.to() - part.from()).sum();
  }

  /** A part of a segment that has been written and not synced. */
  record Part(Segment segment, int from, int to) {}
}
