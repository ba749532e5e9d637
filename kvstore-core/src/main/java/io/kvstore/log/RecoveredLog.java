package io.kvstore.log;

import io.kvstore.files.SegmentList;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The recovered state from which the log continues.
 *
 * @param list the segment list
 * @param lastId the highest id of a segment of the log, 0 if there is none
 * @param tail the last segment, to which records will be appended; null if there is none
 * @param sequence the sequence of the last change, 0 if there is none
 * @param activeSince the sequence of the last change before the tail
 * @param markedSequence the highest sequence that a sync marker covers
 * @param syncedSequence the highest sequence that is known to be synced
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

  /** Returns this state with everything synced. */
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
