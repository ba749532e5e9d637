package io.kvstore.maintenance;

import io.kvstore.log.Log;
import io.kvstore.record.Location;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.RecordWalk;
import io.kvstore.segment.Segment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A scan for puts whose deadline has passed. Each segment knows its earliest deadline, so only
 * segments with expired puts are read, and each for a small share of the time at most. For one
 * thread.
 */
public final class DeadlineScan {
  /** The minimum pause before a segment is read again, as a multiple of the time that it took. */
  private static final long REST_FACTOR = 20;

  private static final long MIN_REST_NANOS = 500_000_000;

  private final Log log;
  private final Map<Segment, Long> restUntil = new HashMap<>();

  /** Creates a scan of a log. */
  public DeadlineScan(Log log) {
    this.log = log;
  }

  /** A visitor of expired puts, whether or not an index still points at them. */
  @FunctionalInterface
  public interface Visitor {
    /** Visits a put and its location. */
    void visit(RecordView put, long location);
  }

  /**
   * Visits all expired puts in the segments that are due.
   *
   * @param all whether all segments are due
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
        // A put that is not in its index yet is visited by a later scan.
        if (record.deadline() <= nowMillis && record.sequence() <= shown) {
          visitor.visit(record, Location.of(segment.place(), walk.at()));
        } else {
          soonest = Math.min(soonest, record.deadline());
        }
      }
    }
    long next = soonest;
    log.locked(
        new Supplier<>() {
          @Override
          public Long get() {
            if (segment.end() == end) {
              segment.sweptUntil(
                  next); // otherwise records with other deadlines were appended meanwhile
            }
            return next;
          }
        });
  }
}
