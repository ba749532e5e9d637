package io.kvstore.record;

import io.kvstore.segment.SegmentTable;

/**
 * Where a record lies, in 40 bits: 17 for the segment's place in the {@link SegmentTable}, 23 for
 * the record's offset in units of 8 bytes. So a store has at most 131,072 segments, each of at most
 * 64 MiB, save for one whose last record reaches beyond: 8 TiB in all. 0 is no location, since a
 * segment starts with its header.
 */
public final class Location {
  /** Bits that a location takes. */
  public static final int BITS = 40;

  /** Places for segments. */
  public static final int MAX_SEGMENTS = 1 << 17;

  private static final int OFFSET_BITS = 23;
  private static final int OFFSET_MASK = (1 << OFFSET_BITS) - 1;
  private static final int UNIT_BITS = 3;

  private Location() {}

  /** Tells whether a location can name an offset: not in what is left behind a larger record. */
  public static boolean reaches(int offset) {
    return offset >>> UNIT_BITS <= OFFSET_MASK;
  }

  /** Tells whether a location names an offset of a segment from one up to another. */
  public static boolean isWithin(long location, int place, int from, int to) {
    return place(location) == place && offset(location) >= from && offset(location) < to;
  }

  public static long of(int place, int offset) {
    return (long) place << OFFSET_BITS | offset >>> UNIT_BITS;
  }

  public static int place(long location) {
    return (int) (location >>> OFFSET_BITS);
  }

  public static int offset(long location) {
    return ((int) location & OFFSET_MASK) << UNIT_BITS;
  }
}
