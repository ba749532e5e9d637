package io.kvstore.compaction;

import io.kvstore.log.Log;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import java.util.List;

/**
 * What is known of a segment at one moment, for a choice of what to compact.
 *
 * @param movable whether its records may be moved: it is sealed, synced, all its changes are in the
 *     indexes, and there is no damage that has to stay
 * @param pin no change before this one hides a put in here
 * @param lastSequence of its last change
 */
public record SegmentStats(
    Segment segment,
    boolean movable,
    long capacity,
    long liveBytes,
    long staleBytes,
    long tombstoneBytes,
    long pin,
    long lastSequence) {
  /** What a segment takes beside its changes: header and seal. */
  static final int OVERHEAD_BYTES = Segment.HEADER_BYTES + RecordFormat.CONTROL_BYTES;

  /**
   * Returns what is known of each segment of a log.
   *
   * @param shown the last change of which it is known that it is in the indexes
   */
  static List<SegmentStats> of(Log log, long shown) {
    return log.locked(() -> log.segments().list().stream().map(s -> of(log, s, shown)).toList());
  }

  private static SegmentStats of(Log log, Segment segment, long shown) {
    return new SegmentStats(
        segment,
        log.isDone(segment) && segment.lastSequence() <= shown && !segment.stale().keepsDamage(),
        segment.capacity(),
        segment.liveBytes(),
        segment.staleBytes(),
        segment.tombstoneBytes(),
        segment.pin(),
        segment.lastSequence());
  }

  /** Returns whether a tombstone may still be needed for the sake of a put in here. */
  boolean pins(long sequence) {
    return staleBytes > 0 && pin <= sequence;
  }
}
