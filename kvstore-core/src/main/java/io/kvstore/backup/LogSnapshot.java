package io.kvstore.backup;

import io.kvstore.CorruptStoreException;
import io.kvstore.log.Log;
import io.kvstore.segment.RecordWalk;
import io.kvstore.segment.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A snapshot of all segments of a log at one point in time: a prefix of the history, in which no
 * batch is split. Taken and used on the maintenance thread, so that no compaction runs in between.
 *
 * @param parts compacted segments first, then those of the log in its order
 * @param before the last change before the last part, or in it; the part may have later ones
 */
record LogSnapshot(List<Part> parts, long before) {

  /**
   * The readable records of a segment.
   *
   * @param sealed whether its seal is the last of them
   */
  record Part(Segment segment, int end, boolean sealed) {

    /**
     * Returns the last change in this part, 0 if there is none.
     *
     * @throws CorruptStoreException if the bytes behind it are damaged
     */
    long lastSequence() {
      if (sealed) {
        return segment.lastSequence();
      }
      long last = 0;
      int damaged = -1;
      RecordWalk walk = new RecordWalk(segment, end);
      while (walk.advance()) {
        damaged = Math.max(damaged, walk.damagedFrom());
        if (walk.record().isChange()) {
          last = walk.record().sequence();
          damaged = -1;
        }
      }
      damaged = Math.max(damaged, walk.damagedFrom());
      if (damaged >= 0) {
        throw segment.damage(damaged);
      }
      return last;
    }
  }

  /** Returns a snapshot of the log as it is now, with everything that is synced. */
  static LogSnapshot of(Log log) {
    return log.locked(
        new Supplier<>() {
          @Override
          public LogSnapshot get() {
            List<Part> parts = new ArrayList<>();
            for (Segment segment : log.segments().list()) {
              if (segment.isCompacted()) {
                parts.add(new Part(segment, segment.end(), true));
              }
            }
            for (Segment segment : log.segments().log()) {
              int end = log.readableEnd(segment);
              boolean sealed = segment.sealed() && end == segment.end();
              parts.add(new Part(segment, end, sealed));
              if (!sealed) {
                // If a group is not written to its file yet, neither is any later one.
                long first = segment.pin();
                return new LogSnapshot(parts, first > 0 ? first - 1 : log.sequence());
              }
            }
            return new LogSnapshot(parts, log.sequence());
          }
        });
  }

  /** Returns the last change of the snapshot. */
  long sequence() {
    Part last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
    return last == null || last.sealed() ? before : Math.max(before, last.lastSequence());
  }
}
