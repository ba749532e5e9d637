package io.kvstore.log;

import io.kvstore.KvStoreException;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;

/** The source of new segments for the log. Called under the lock of the log. */
public interface SegmentSource {

  /** Starts the background work, if there is any; called once, before all other methods. */
  void start();

  /** Announces that a segment of this capacity will be needed soon; returns at once. */
  void prepare(int capacity);

  /**
   * Returns the next segment of the log, with at least this capacity, the next id, and a place in
   * the table. The call may be repeated: until {@link #taken} the segment is not used up. If the
   * table is full, no id is consumed: recovery treats a gap in ids as the end of the log.
   *
   * @throws KvStoreException if there can be none now; a further call tries again
   */
  Segment next(int capacity, SegmentTable segments);

  /**
   * Records that the log continues in the segment that {@link #next} returned last. Never fails.
   */
  void taken();

  /**
   * Returns whether there is space for a segment of this capacity; not under the lock of the log.
   */
  boolean hasRoom(int capacity);

  /** Discards the prepared segment if it is larger than a capacity, asynchronously. */
  void discardAbove(int capacity);

  /**
   * Returns the size of the segment that is prepared or being prepared and not yet taken, in bytes.
   */
  long preparedBytes();

  /** Discards the prepared segment; no segment may be taken afterwards. */
  void close();
}
