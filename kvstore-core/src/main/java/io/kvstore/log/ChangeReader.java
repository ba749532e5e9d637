package io.kvstore.log;

import io.kvstore.segment.RecordView;
import io.kvstore.segment.RecordWalk;
import io.kvstore.segment.Segment;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the changes in the order of the log, concurrent with appends. It does not keep
 * segments in the log: if a segment was dropped before it was read, the reader continues with the
 * next existing one. Only the segment that is being read is held. For one thread at a time.
 */
public final class ChangeReader {
  private final Log log;
  private long next;
  private @Nullable Segment segment;
  private int at;
  private int readable;

  /**
   * @param from the sequence of the first change to read
   */
  ChangeReader(Log log, long from) {
    this.log = log;
    this.next = from;
  }

  /** Returns the sequence of the next change. */
  public long next() {
    return next;
  }

  /**
   * Returns the next existing change, or null if there is none up to {@code upTo}. If its sequence
   * is not {@link #next}, those before it are dropped or damaged; if it is null, all up to {@code
   * upTo} are, and the caller acknowledges that with {@link #skip}.
   *
   * @param upTo the last visible change
   */
  public @Nullable RecordView read(long upTo) {
    while (next <= upTo) {
      Segment from = find();
      if (from == null) {
        return null;
      }
      RecordWalk walk = new RecordWalk(from, at, readable);
      boolean found = walk.advance();
      if (walk.damagedFrom() >= 0) {
        log.segments().damage().add(from, walk.damagedFrom(), walk.at());
      }
      if (!found) {
        at = readable;
        continue;
      }
      RecordView record = walk.record();
      if (record.isChange() && record.sequence() > upTo) {
        return null;
      }
      at = walk.next();
      if (record.isChange() && record.sequence() >= next) {
        next = record.sequence() + 1;
        return record;
      }
    }
    return null;
  }

  /** Releases the held segment: the last returned change must not be used any more. */
  public void close() {
    Segment held = segment;
    segment = null;
    if (held != null) {
      held.use().release();
    }
  }

  /** Continues behind a change, after {@link #read} has found none up to it. */
  public void skip(long upTo) {
    next = Math.max(next, upTo + 1);
  }

  /** Returns the segment with the next record, or null if there is none yet. */
  private @Nullable Segment find() {
    Segment from = segment;
    while (from == null || at >= readable) {
      if (from != null) {
        readable = log.readableEnd(from);
        if (at < readable) {
          break;
        }
        if (!isAtEnd(from)) {
          return null;
        }
      }
      Segment following = from == null ? segmentWith(next) : log.segments().after(from);
      if (following == null) {
        return null;
      }
      if (!following.use().hold()) {
        continue; // dropped in the meantime
      }
      close();
      from = following;
      segment = from;
      at = Segment.HEADER_BYTES;
      readable = log.readableEnd(from);
    }
    return from;
  }

  /** Returns whether a segment has no further record and will have none. */
  private boolean isAtEnd(Segment from) {
    return log.locked(
        new Supplier<>() {
          @Override
          public Boolean get() {
            return from.sealed() && at >= from.end();
          }
        });
  }

  /** Returns the first segment that may have a change or later changes; null if there is none. */
  private @Nullable Segment segmentWith(long change) {
    return log.locked(
        new Supplier<>() {
          @Override
          public @Nullable Segment get() {
            for (Segment each : log.segments().log()) {
              if (!each.sealed() || each.lastSequence() >= change) {
                return each;
              }
            }
            return null;
          }
        });
  }
}
