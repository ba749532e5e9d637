package io.kvstore.files;

import io.kvstore.StoreFullException;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;

/**
 * The size of new segments, which grow with the log up to a maximum, and the limit of disk space.
 *
 * <p>A store may be opened with a limit that it already exceeds. It can still become smaller:
 * deletes, and the compaction after them, may add to the least size that it has had since.
 */
public final class SegmentSizes {
  /** No limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final int FIRST_BYTES = 1 << 20;

  /**
   * A new segment has this fraction of the size of the log, up to the maximum: the active and the
   * prepared segment, which may both be empty, should be small compared to the live data.
   */
  private static final int GROWTH_SHARE = 32;

  /** A compacted segment has this fraction of the live bytes, up to the maximum. */
  private static final int OUTPUT_SHARE = 8;

  /** In a store with a limit, a segment has at most this fraction of the limit. */
  private static final int LIMIT_SHARE = 16;

  private static final int ALIGNMENT = 4096;

  /** The maximum size of all spare files, whatever the number of live bytes. */
  private static final long MAX_SPARE_FILE_BYTES = 128L << 20;

  /** The size of spare files that is always allowed, whatever the number of live bytes. */
  private static final long FREE_SPARE_FILE_BYTES = 16L << 20;

  private final int maxBytes;
  private final long maxDiskBytes;
  private final boolean inMemory;

  /** The least size of the store since it was opened over its limit, 0 if it was not. */
  private volatile long least;

  /** The number of bytes that deletes may add to that, and compaction the same again. */
  private volatile int reserve;

  /**
   * @param maxDiskBytes the limit of the store, or {@link #UNLIMITED}
   */
  public SegmentSizes(int maxBytes, long maxDiskBytes, boolean inMemory) {
    long share = Math.max(ALIGNMENT, Long.highestOneBit(maxDiskBytes / LIMIT_SHARE));
    this.maxBytes = (int) Math.min(maxBytes, share);
    this.maxDiskBytes = maxDiskBytes;
    this.inMemory = inMemory;
  }

  /** Returns the size of the next segment of a log of a size. */
  public int next(long logBytes) {
    return sized(logBytes / GROWTH_SHARE);
  }

  /**
   * Returns the size of the next segment that has room for the records of one append, a sync marker
   * and the seal.
   */
  public int next(long logBytes, int appendedBytes) {
    int needed = Segment.HEADER_BYTES + appendedBytes + 2 * RecordFormat.CONTROL_BYTES;
    return Math.max(next(logBytes), needed + ALIGNMENT - 1 & -ALIGNMENT);
  }

  /** Returns the size of a compacted segment, except for one with a larger record. */
  public int output(long liveBytes) {
    return sized(liveBytes / OUTPUT_SHARE);
  }

  /**
   * Returns the number of stale bytes that are tolerated under load, however few are live:
   * rewriting a small store all the time costs more than it gains on a disk. In memory it does
   * gain.
   */
  public int spareBytes() {
    return inMemory ? 0 : maxBytes;
  }

  /**
   * Returns the maximum size of all spare files.
   *
   * @param diskBytes the size of all segments
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

  /** Returns whether puts are allowed with a number of bytes on the disk. */
  public boolean allowsPuts(long diskBytes) {
    // The reserve has room for a segment for deletes, and for the output of compaction.
    return maxDiskBytes == UNLIMITED || diskBytes <= maxDiskBytes - 2L * maxBytes;
  }

  /** Returns whether deletes are allowed with a number of bytes on the disk. */
  public boolean allowsDeletes(long diskBytes) {
    return maxDiskBytes == UNLIMITED
        || diskBytes <= Math.max(maxDiskBytes - maxBytes, least + reserve);
  }

  /**
   * Sets the size of the store when it is opened, before any change.
   *
   * @param largest the size of its largest segment, for which compaction needs room
   */
  public void startWith(long diskBytes, int largest) {
    if (maxDiskBytes != UNLIMITED && diskBytes > maxDiskBytes - maxBytes) {
      reserve = Math.max(maxBytes, largest);
      least = diskBytes;
    }
  }

  /** Sets the size of the store after it has become smaller; under the lock of the log. */
  public void shrunkTo(long diskBytes) {
    least = Math.min(least, diskBytes);
  }

  /**
   * Enforces the limit: puts are rejected first, so that there is room for deletes.
   *
   * @throws StoreFullException if a put, or a delete, must not lead to this number of bytes on the
   *     disk
   */
  public void requireRoom(long diskBytes, boolean put) {
    if (put ? !allowsPuts(diskBytes) : !allowsDeletes(diskBytes)) {
      throw new StoreFullException(
          "there would be "
              + diskBytes
              + " bytes on the disk, too close to maxDiskBytes = "
              + maxDiskBytes);
    }
  }

  /** Returns the number of bytes that compaction may write in addition to those on the disk. */
  public long roomForOutput(long diskBytes) {
    return maxDiskBytes == UNLIMITED
        ? UNLIMITED
        : Math.max(maxDiskBytes, least + 2L * reserve) - diskBytes;
  }
}
