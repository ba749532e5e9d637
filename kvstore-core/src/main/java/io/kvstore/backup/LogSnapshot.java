package io.kvstore.backup;

import io.kvstore.CorruptStoreException;
import io.kvstore.log.Log;
import io.kvstore.segment.RecordWalk;
import io.kvstore.segment.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * All segments of a log as they are at one moment: a beginning of the history, in which no batch is
 * split. To be taken where no compaction can come in between, and used there.
 *
 * @param parts compacted segments first, then those of the log in its order
 * @param before the last change before the last part, or in it; there may be later ones in it
 */
record LogSnapshot(List<Part> parts, long before) {

  /**
   * The records of a segment, up to where they could be read.
   *
   * @param sealed whether its seal is the last of them
   */
  record Part(Segment segment, int end, boolean sealed) {

    /**
     * Returns the last change in here, 0 if there is none.
     *
     * @throws CorruptStoreException if what is behind it is damaged
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

  /** Returns the moment at which this is called; what has been synced is in it. */
  static LogSnapshot of(Log log) {
    return log.locked(
        () -> {
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
              // Where a group is still on its way to the files, all behind it is too.
              long first = segment.pin();
              return new LogSnapshot(parts, first > 0 ? first - 1 : log.sequence());
            }
          }
          return new LogSnapshot(parts, log.sequence());
        });
  }

  /** Returns the last change of this moment. */
  long sequence() {
    Part last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
    return last == null || last.sealed() ? before : Math.max(before, last.lastSequence());
  }
}
