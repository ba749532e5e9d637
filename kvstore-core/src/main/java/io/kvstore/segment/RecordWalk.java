package io.kvstore.segment;

import io.kvstore.record.RecordFormat;

/**
 * An iterator over the records of one segment that skips damage: behind a damaged record it
 * continues at the next intact one. The checksum includes the segment's secret, so bytes with a
 * valid checksum are a record. For one thread.
 */
public final class RecordWalk {
  private final Segment segment;
  private int end;
  private int at;
  private int next;
  private int damagedFrom = -1;

  /** Creates an iterator from the first record to the end of the records. */
  public RecordWalk(Segment segment, int end) {
    this(segment, Segment.HEADER_BYTES, end);
  }

  /** Creates an iterator from a record to the end of the records. */
  public RecordWalk(Segment segment, int from, int end) {
    this.segment = segment;
    this.next = from;
    this.end = end;
  }

  /** Advances to the next record; returns false if there is none. */
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

  /**
   * Returns whether a record need not be verified. One that was verified may have been damaged
   * since: at least its length must be plausible.
   */
  private boolean isTrusted(int record) {
    return segment.isPlausible(record)
        && segment.isWhole(record)
        && record + segment.size(record) <= end;
  }

  /** Sets the end of a segment that has grown meanwhile. */
  void extendTo(int newEnd) {
    end = newEnd;
  }

  /** Returns the offset of the record. */
  public int at() {
    return at;
  }

  /** Returns the expected offset of the next record. */
  public int next() {
    return next;
  }

  /**
   * Returns the start of the damage that ends at this record, or at the end; -1 if there is none.
   */
  public int damagedFrom() {
    return damagedFrom;
  }

  public RecordView record() {
    return new RecordView(segment, at);
  }
}
