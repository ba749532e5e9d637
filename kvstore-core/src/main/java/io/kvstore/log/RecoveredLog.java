package io.kvstore.log;

import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentList;
import io.kvstore.segment.SegmentTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log goes on from.
 *
 * @param list which segments there are
 * @param lastId of a segment of the log, 0 if there is none
 * @param tail the last segment, to be appended to; null if there is none
 * @param sequence of the last change, 0 if there is none
 * @param activeSince the last change before the tail
 * @param markedSequence the highest of which the log says that it was synced
 * @param syncedSequence the highest of which it is known that it was synced
 * @param unsynced the segments with changes above that
 * @param cutBytes bytes of a torn tail that were cut off
 */
public record RecoveredLog(
    SegmentTable segments,
    SegmentList list,
    long lastId,
    @Nullable Segment tail,
    long sequence,
    long activeSince,
    long markedSequence,
    long syncedSequence,
    List<Segment> unsynced,
    long cutBytes) {

  public static RecoveredLog empty(SegmentTable segments) {
    return new RecoveredLog(segments, SegmentList.NONE, 0, null, 0, 0, 0, 0, List.of(), 0);
  }

  public RecoveredLog withCut(long bytes) {
    return new RecoveredLog(
        segments,
        list,
        lastId,
        tail,
        sequence,
        activeSince,
        markedSequence,
        syncedSequence,
        unsynced,
        bytes);
  }

  /** Returns the same, with everything synced. */
  public RecoveredLog secured() {
    return new RecoveredLog(
        segments,
        list,
        lastId,
        tail,
        sequence,
        activeSince,
        markedSequence,
        sequence,
        List.of(),
        cutBytes);
  }
}
