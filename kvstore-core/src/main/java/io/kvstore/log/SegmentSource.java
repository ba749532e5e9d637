package io.kvstore.log;

import io.kvstore.KvStoreException;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;

/** Where the log gets its next segment from. Called under the lock of the log. */
public interface SegmentSource {

  /** Starts its work in the background, if it has any; called once, before all else. */
  void start();

  /** Says that a segment of this capacity will be wanted soon; returns at once. */
  void prepare(int capacity);

  /**
   * Returns the next segment of the log, at least that large, with the next id, and at a place of
   * its own. Nothing has changed by that: until {@link #taken} it is asked for again. Where there
   * is no place the id is not used up: a file that is left out would be the end of the log for
   * recovery.
   *
   * @throws KvStoreException if there can be none now; asked again, it tries again
   */
  Segment next(int capacity, SegmentTable segments);

  /** Learns that the log goes on in the segment that {@link #next} returned last. Never fails. */
  void taken();

  /** Gives back what is prepared if it is larger, in its own time. */
  void discardAbove(int capacity);

  /** Returns the bytes of what is prepared or being prepared and not yet taken. */
  long preparedBytes();

  /** Gives back what is prepared; nothing is taken any more. */
  void close();
}
