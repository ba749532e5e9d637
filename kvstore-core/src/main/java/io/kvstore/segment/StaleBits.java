package io.kvstore.segment;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bitmap of the stale records of a segment, as far as they became stale in this process:
 * compaction skips them without asking an index. One bit covers a range of the segment of about the
 * length of a record, so the bitmap takes about a bit for each record; for two records that start
 * in the same range it gives no answer. Thread-safe.
 */
public final class StaleBits {
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  /** The minimum length of a range is 64 bytes. */
  private static final int MIN_SHIFT = 6;

  private final int shift;
  private final long[] words;

  /**
   * @param capacity the capacity of the segment
   * @param recordBytes the approximate length of a record
   */
  StaleBits(int capacity, int recordBytes) {
    shift = Math.max(MIN_SHIFT, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(recordBytes));
    words = new long[(capacity >> shift) / Long.SIZE + 1];
  }

  /** Records that the record at an offset is stale, permanently. */
  void set(int at) {
    int bit = at >> shift;
    WORD.getAndBitwiseOr(words, bit / Long.SIZE, 1L << bit);
  }

  /**
   * Returns whether a record is known to be stale.
   *
   * @param before the offset of the previous record, -1 if there is none
   * @param after the offset of the next record
   * @return false also if it is not known
   */
  boolean isSet(int at, int before, int after) {
    int bit = at >> shift;
    return before >> shift != bit
        && after >> shift != bit
        && ((long) WORD.getOpaque(words, bit / Long.SIZE) & 1L << bit) != 0;
  }
}
