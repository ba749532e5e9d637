package io.kvstore.record;

import io.kvstore.segment.SegmentTable;

/**
 * The location of a record, in 40 bits: 17 for the place of the segment, which is its slot in the
 * {@link SegmentTable}, and 23 for the record's offset in units of 8 bytes. So a store has at most
 * 131,072 segments, each of at most 64 MiB, except for one whose last record reaches beyond: 8 TiB
 * in all. 0 is not a location, since a segment starts with its header.
 */
public final class Location {
  /** The number of bits of a location. */
  public static final int BITS = 40;

  /** The number of places, which is the maximum number of segments. */
  public static final int MAX_SEGMENTS = 1 << 17;

  private static final int OFFSET_BITS = 23;
  private static final int OFFSET_MASK = (1 << OFFSET_BITS) - 1;
  private static final int UNIT_BITS = 3;

  private Location() {}

  /**
   * Returns whether a location can address an offset: offsets behind a record that exceeds the
   * maximum size can't be addressed.
   */
  public static boolean reaches(int offset) {
    return offset >>> UNIT_BITS <= OFFSET_MASK;
  }

  /**
   * Returns whether a location is in a segment, at an offset from {@code from} up to {@code to}.
   */
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
