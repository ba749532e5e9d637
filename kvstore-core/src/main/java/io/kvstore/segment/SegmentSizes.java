package io.kvstore.segment;

import io.kvstore.StoreFullException;
import io.kvstore.record.RecordFormat;

/**
 * How large a new segment is: they grow with the log, up to a cap; and what the disk may hold.
 *
 * <p>A store may be opened with a limit that it is over already. It can get smaller all the same:
 * deletes, and the compaction after them, may add to the least that it has had since.
 */
public final class SegmentSizes {
  /** No limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final int FIRST_BYTES = 1 << 20;

  /**
   * A segment takes this part of the log before it, until it reaches the cap: the active one and
   * the prepared one, which may both be empty, are to be little beside what is live.
   */
  private static final int GROWTH_SHARE = 32;

  /** A compacted segment takes this part of what is live, until it reaches the cap. */
  private static final int OUTPUT_SHARE = 8;

  /** A limited store has segments of at most this part of the limit. */
  private static final int LIMIT_SHARE = 16;

  private static final int ALIGNMENT = 4096;

  /** Files that are kept for the next segments take so much at most, however much is live. */
  private static final long MAX_SPARE_FILE_BYTES = 128L << 20;

  /** And may take so much, however little is live. */
  private static final long FREE_SPARE_FILE_BYTES = 16L << 20;

  private final int maxBytes;
  private final long maxDiskBytes;
  private final boolean inMemory;

  /** The least that the store has had since it was opened over its limit, 0 if it was not. */
  private volatile long least;

  /** What deletes may add to that, and compaction once more. */
  private volatile int reserve;

  /**
   * @param maxDiskBytes what the store may take, {@link #UNLIMITED} if all there is
   */
  public SegmentSizes(int maxBytes, long maxDiskBytes, boolean inMemory) {
    long share = Math.max(ALIGNMENT, Long.highestOneBit(maxDiskBytes / LIMIT_SHARE));
    this.maxBytes = (int) Math.min(maxBytes, share);
    this.maxDiskBytes = maxDiskBytes;
    this.inMemory = inMemory;
  }

  /** Returns the size of the next segment of a log whose segments have so many bytes. */
  public int next(long logBytes) {
    return sized(logBytes / GROWTH_SHARE);
  }

  /**
   * Returns the same, or more if the records of one append need it: with them, a mark and the seal.
   */
  public int next(long logBytes, int appendedBytes) {
    int needed = Segment.HEADER_BYTES + appendedBytes + 2 * RecordFormat.CONTROL_BYTES;
    return Math.max(next(logBytes), needed + ALIGNMENT - 1 & -ALIGNMENT);
  }

  /** Returns how much compaction writes into one segment, save for a record that is larger. */
  public int output(long liveBytes) {
    return sized(liveBytes / OUTPUT_SHARE);
  }

  /**
   * Returns how much garbage there may be under load, however little is live: to rewrite a small
   * store all the time costs more than a disk has to gain by it. Memory has to gain by it.
   */
  public int spareBytes() {
    return inMemory ? 0 : maxBytes;
  }

  /**
   * Returns how much the files may take that are kept for the next segments.
   *
   * @param diskBytes what the segments take
   */
  long spareFileBytes(long diskBytes) {
    if (maxDiskBytes == UNLIMITED) {
      return Math.min(MAX_SPARE_FILE_BYTES, Math.max(FREE_SPARE_FILE_BYTES, diskBytes / 8));
    }
    return Math.min(maxBytes, maxDiskBytes - diskBytes);
  }

  private int sized(long share) {
    return (int) Math.min(maxBytes, Math.max(FIRST_BYTES, Long.highestOneBit(share)));
  }

  public boolean isLimited() {
    return maxDiskBytes != UNLIMITED;
  }

  /** Tells whether puts may go on with so many bytes on the disk. */
  public boolean allowsPuts(long diskBytes) {
    // Beyond it, deletes have a segment, and compaction has room for what it writes.
    return maxDiskBytes == UNLIMITED || diskBytes <= maxDiskBytes - 2L * maxBytes;
  }

  /** Tells whether deletes may go on with so many bytes on the disk. */
  public boolean allowsDeletes(long diskBytes) {
    return maxDiskBytes == UNLIMITED
        || diskBytes <= Math.max(maxDiskBytes - maxBytes, least + reserve);
  }

  /**
   * Takes what the store has when it is opened; before any change.
   *
   * @param largest of its segments, which compaction has to have room for
   */
  public void startWith(long diskBytes, int largest) {
    if (maxDiskBytes != UNLIMITED && diskBytes > maxDiskBytes - maxBytes) {
      reserve = Math.max(maxBytes, largest);
      least = diskBytes;
    }
  }

  /** Takes what the store has now that it has become smaller; under the lock of the log. */
  public void shrunkTo(long diskBytes) {
    least = Math.min(least, diskBytes);
  }

  /**
   * Keeps a store within its limit: puts stop first, so that there is room for deletes.
   *
   * @throws StoreFullException if a put, or a delete, may not leave so many bytes on the disk
   */
  public void requireRoom(long diskBytes, boolean put) {
    if (put ? !allowsPuts(diskBytes) : !allowsDeletes(diskBytes)) {
      throw new StoreFullException(
          "there would be "
              + diskBytes
              + " bytes on the disk, too near to maxDiskBytes = "
              + maxDiskBytes);
    }
  }

  /** Returns how much compaction may write where there are so many bytes already. */
  public long roomForOutput(long diskBytes) {
    return maxDiskBytes == UNLIMITED
        ? UNLIMITED
        : Math.max(maxDiskBytes, least + 2L * reserve) - diskBytes;
  }
}
