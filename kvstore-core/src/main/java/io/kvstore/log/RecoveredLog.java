package io.kvstore.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log goes on from.
 *
 * @param tail the last segment, to be appended to; null if there is none
 * @param sequence of the last change, 0 if there is none
 * @param markedSequence the highest of which the log says that it was synced
 * @param syncedSequence the highest of which it is known that it was synced
 * @param unsynced the segments with changes above that
 * @param cutBytes bytes of a torn tail that were cut off
 */
record RecoveredLog(
    Segments segments,
    @Nullable Segment tail,
    long sequence,
    long markedSequence,
    long syncedSequence,
    List<Segment> unsynced,
    long cutBytes) {

  static RecoveredLog empty(Segments segments) {
    return new RecoveredLog(segments, null, 0, 0, 0, List.of(), 0);
  }

  long lastId() {
    return segments.count();
  }

  RecoveredLog withCut(long bytes) {
    return new RecoveredLog(
        segments, tail, sequence, markedSequence, syncedSequence, unsynced, bytes);
  }

  /** Returns the same, with everything synced. */
  RecoveredLog secured() {
    return new RecoveredLog(
        segments, tail, sequence, markedSequence, sequence, List.of(), cutBytes);
  }
}
