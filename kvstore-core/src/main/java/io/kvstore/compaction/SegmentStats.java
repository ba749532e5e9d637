package io.kvstore.compaction;

import io.kvstore.log.Log;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The statistics of a segment at one point in time, for the plan of a compaction.
 *
 * @param movable whether its records may be moved: it is sealed, synced, all its changes are in the
 *     indexes, and it has no damage that must be kept
 * @param pin a lower bound of the sequences of changes that hide a put in this segment
 * @param lastSequence the sequence of its last change
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
  /** The overhead of a segment besides its changes: header and seal. */
  static final int OVERHEAD_BYTES = Segment.HEADER_BYTES + RecordFormat.CONTROL_BYTES;

  /**
   * Returns the statistics of each segment of a log.
   *
   * @param shown the last change that is known to be in the indexes
   */
  static List<SegmentStats> of(Log log, long shown) {
    List<SegmentStats> all = new ArrayList<>();
    log.locked(
        new Supplier<>() {
          @Override
          public List<SegmentStats> get() {
            for (Segment segment : log.segments().list()) {
              all.add(of(log, segment, shown));
            }
            return all;
          }
        });
    return all;
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

  /** Returns the capacity of some segments together. */
  static long capacity(List<SegmentStats> some) {
    long bytes = 0;
    for (SegmentStats each : some) {
      bytes += each.capacity;
    }
    return bytes;
  }

  /** Returns the live bytes of some segments together. */
  static long liveBytes(List<SegmentStats> some) {
    long bytes = 0;
    for (SegmentStats each : some) {
      bytes += each.liveBytes;
    }
    return bytes;
  }

  /** Returns whether these are the statistics of one of some segments. */
  boolean isAmong(List<SegmentStats> some) {
    for (SegmentStats each : some) {
      if (each.segment == segment) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a tombstone may still be needed to hide a put in this segment. */
  boolean pins(long sequence) {
    return staleBytes > 0 && pin <= sequence;
  }
}
