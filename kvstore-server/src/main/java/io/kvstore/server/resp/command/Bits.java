package io.kvstore.server.resp.command;

import io.kvstore.server.resp.session.StoredValue;

/** Counts and finds bits in a value. */
final class Bits {
  private Bits() {}

  /**
   * A range of bits, both ends included; empty if the last comes before the first.
   *
   * @param first not negative
   * @param last within the value
   */
  record Range(long first, long last) {

    /** Returns the range between two positions, counted from the end if they are negative. */
    static Range of(long start, long end, boolean inBits, int valueBytes) {
      long length = inBits ? 8L * valueBytes : valueBytes;
      long first = Math.max(0, start < 0 ? start + length : start);
      long last = Math.min(length - 1, Math.max(0, end < 0 ? end + length : end));
      if (first > last) {
        return new Range(1, 0);
      }
      return inBits ? new Range(first, last) : new Range(8 * first, 8 * last + 7);
    }
  }

  /** Returns the number of bits that are set. */
  static long count(StoredValue stored, long first, long last) {
    long count = 0;
    long bit = first;
    while (bit <= last) {
      int index = (int) (bit >> 3);
      long end = Math.min(last, bit | 7);
      count += Integer.bitCount(stored.at(index) & mask(bit, end));
      bit = end + 1;
    }
    return count;
  }

  /** Returns the first bit in the range with this value, or -1. */
  static long find(StoredValue stored, int wanted, Range range) {
    long bit = range.first();
    while (bit <= range.last()) {
      long end = Math.min(range.last(), bit | 7);
      int value = stored.at((int) (bit >> 3));
      int found = (wanted == 1 ? value : ~value) & mask(bit, end);
      if (found != 0) {
        return (bit & ~7L) + Integer.numberOfLeadingZeros(found) - 24;
      }
      bit = end + 1;
    }
    return -1;
  }

  /** Returns a mask of the bits from one to another, of one byte. */
  private static int mask(long from, long to) {
    return (0xFF >> (int) (from & 7)) & (0xFF << (int) (7 - (to & 7)));
  }
}
