package io.kvstore.segment;

import io.kvstore.record.RecordFormat;

/**
 * A walk over the records of one segment that goes around damage: behind a record that is not what
 * was written it continues at the next one that is. The checksum contains the segment's secret, so
 * a place where a record checks out is one. For one thread.
 */
public final class RecordWalk {
  private final Segment segment;
  private int end;
  private int at;
  private int next;
  private int damagedFrom = -1;

  /** Walks over the records from the first on, up to where they end. */
  public RecordWalk(Segment segment, int end) {
    this(segment, Segment.HEADER_BYTES, end);
  }

  /** Walks over the records from one on, up to where they end. */
  public RecordWalk(Segment segment, int from, int end) {
    this.segment = segment;
    this.next = from;
    this.end = end;
  }

  /** Goes to the next record, and tells whether there is one. */
  public boolean advance() {
    at = next;
    damagedFrom = -1;
    if (at < end && !isTrusted(at)) {
      damagedFrom = at;
      do {
        at += RecordFormat.ALIGNMENT;
      } while (at < end && !segment.isWrittenAt(at));
    }
    next = at < end ? at + segment.size(at) : at;
    return at < end;
  }

  /** A record that was checked may have been damaged since: its length at least must make sense. */
  private boolean isTrusted(int record) {
    return segment.isPlausible(record)
        && segment.isWhole(record)
        && record + segment.size(record) <= end;
  }

  /** Moves the end of a segment that has grown meanwhile. */
  void extendTo(int newEnd) {
    end = newEnd;
  }

  /** Returns where the record is. */
  public int at() {
    return at;
  }

  /** Returns where the next record is expected. */
  public int next() {
    return next;
  }

  /** Returns where damage starts that ends at the record, or at the end; -1 if there is none. */
  public int damagedFrom() {
    return damagedFrom;
  }

  public RecordView record() {
    return new RecordView(segment, at);
  }
}
