package io.kvstore.maintenance;

import io.kvstore.log.Log;
import io.kvstore.record.Location;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.RecordWalk;
import io.kvstore.segment.Segment;
import java.util.HashMap;
import java.util.Map;

/**
 * Looks for puts whose deadline is over. Each segment knows the first deadline in it, so only those
 * are read that have something to tell; each for a small part of the time at most. For one thread.
 */
public final class DeadlineScan {
  /** A segment is not read anew for so many times the time that it took. */
  private static final long REST_FACTOR = 20;

  private static final long MIN_REST_NANOS = 500_000_000;

  private final Log log;
  private final Map<Segment, Long> restUntil = new HashMap<>();

  /** Scans a log. */
  public DeadlineScan(Log log) {
    this.log = log;
  }

  /** Told of each put that is over, whether or not an index still points at it. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes in a put and where it lies. */
    void visit(RecordView put, long location);
  }

  /**
   * Tells of all puts whose deadline is over, in the segments whose turn it is.
   *
   * @param all whether it is the turn of all
   */
  public void run(long nowMillis, boolean all, Visitor visitor) {
    restUntil.keySet().retainAll(log.segments().list());
    for (Segment segment : log.segments().list()) {
      long start = System.nanoTime();
      Long rest = all ? null : restUntil.get(segment);
      if (segment.soonestDeadline() <= nowMillis && (rest == null || start - rest >= 0)) {
        scan(segment, nowMillis, visitor);
        long took = System.nanoTime() - start;
        long wait = Math.max(MIN_REST_NANOS, took * REST_FACTOR);
        restUntil.put(segment, System.nanoTime() + wait);
      }
    }
  }

  private void scan(Segment segment, long nowMillis, Visitor visitor) {
    long shown = log.shownSequence();
    int end = log.readableEnd(segment);
    long soonest = RecordFormat.NO_DEADLINE;
    RecordWalk walk = new RecordWalk(segment, end);
    while (walk.advance()) {
      RecordView record = walk.record();
      if (record.isChange() && record.hasDeadline()) {
        // One that is on its way into its index is looked at again.
        if (record.deadline() <= nowMillis && record.sequence() <= shown) {
          visitor.visit(record, Location.of(segment.place(), walk.at()));
        } else {
          soonest = Math.min(soonest, record.deadline());
        }
      }
    }
    long next = soonest;
    log.locked(
        () -> {
          if (segment.end() == end) {
            segment.sweptUntil(next); // else there is more by now, with deadlines of its own
          }
          return next;
        });
  }
}
