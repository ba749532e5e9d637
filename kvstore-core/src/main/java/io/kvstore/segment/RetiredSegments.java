package io.kvstore.segment;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The segments that have left the store, but may still be needed by snapshots, which hold locations
 * in them. Not thread-safe.
 */
final class RetiredSegments {
  /** The last change when each segment was retired. */
  private final Map<Segment, Long> sequences = new LinkedHashMap<>();

  /**
   * Adds a segment.
   *
   * @param sequence of the last change: a snapshot that is opened after a later change needs no
   *     location in the segment
   */
  void add(Segment segment, long sequence) {
    sequences.put(segment, sequence);
  }

  /** Returns a segment that no snapshot opened since a sequence needs, or null. */
  @Nullable Segment firstBefore(long sequence) {
    for (Map.Entry<Segment, Long> each : sequences.entrySet()) {
      if (each.getValue() < sequence) {
        return each.getKey();
      }
    }
    return null;
  }

  void remove(Segment segment) {
    sequences.remove(segment);
  }

  boolean contains(Segment segment) {
    return sequences.containsKey(segment);
  }

  void clear() {
    sequences.clear();
  }

  int count() {
    return sequences.size();
  }

  long bytes() {
    long bytes = 0;
    for (Segment segment : sequences.keySet()) {
      bytes += segment.capacity();
    }
    return bytes;
  }
}
