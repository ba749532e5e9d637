package io.kvstore.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which records of a segment are stale, as far as this process has seen it happen: compaction then
 * passes over them without asking an index. One bit stands for a stretch of the segment about as
 * long as a record, so this takes about a bit for each record; of two records that start in one
 * stretch it says nothing. For any thread.
 */
public final class StaleBits {
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  /** The shortest stretch has 64 bytes. */
  private static final int MIN_SHIFT = 6;

  private final int shift;
  private final long[] words;

  /**
   * @param capacity of the segment
   * @param recordBytes how long a record is, more or less
   */
  StaleBits(int capacity, int recordBytes) {
    shift = Math.max(MIN_SHIFT, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(recordBytes));
    words = new long[(capacity >> shift) / Long.SIZE + 1];
  }

  /** Learns that the record at an offset is stale, and will always be. */
  void set(int at) {
    int bit = at >> shift;
    WORD.getAndBitwiseOr(words, bit / Long.SIZE, 1L << bit);
  }

  /**
   * Tells whether a record is stale.
   *
   * @param before where the record before it starts, -1 if there is none
   * @param after where the next one starts
   * @return false also if it is not known
   */
  boolean isSet(int at, int before, int after) {
    int bit = at >> shift;
    return before >> shift != bit
        && after >> shift != bit
        && ((long) WORD.getOpaque(words, bit / Long.SIZE) & 1L << bit) != 0;
  }
}
