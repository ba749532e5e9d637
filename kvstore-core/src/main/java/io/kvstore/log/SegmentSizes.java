package io.kvstore.log;

/** How large a new segment is: they grow with the log, up to a cap. */
final class SegmentSizes {
  private static final int FIRST_BYTES = 1 << 20;

  /** A segment takes this part of the log before it, until it reaches the cap. */
  private static final int GROWTH_SHARE = 8;

  private static final int ALIGNMENT = 4096;

  private final int maxBytes;

  SegmentSizes(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Returns the size of the next segment of a log whose segments have so many bytes. */
  int next(long logBytes) {
    long share = Long.highestOneBit(logBytes / GROWTH_SHARE);
    return (int) Math.min(maxBytes, Math.max(FIRST_BYTES, share));
  }

  /**
   * Returns the same, or more if the records of one append need it: with them, a mark and the seal.
   */
  int next(long logBytes, int appendedBytes) {
    int needed = Segment.HEADER_BYTES + appendedBytes + 2 * RecordFormat.CONTROL_BYTES;
    return Math.max(next(logBytes), needed + ALIGNMENT - 1 & -ALIGNMENT);
  }
}
