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
   * A segment of a store at rest has this fraction of the size of the log, up to the maximum: the
   * active and the prepared segment, which may both be empty, should be small compared to the live
   * data.
   */
  private static final int REST_SHARE = 32;

  /**
   * A segment under load has this fraction of the log beyond {@link #FREE_LOG_BYTES}, up to {@link
   * #LOAD_BYTES}. Each segment costs a file, a mapping, syncs and a round of compaction: with
   * segments of 4 MiB a store of 130 MiB takes a quarter fewer puts than with 32 MiB.
   */
  private static final int LOAD_SHARE = 4;

  private static final int LOAD_BYTES = 32 << 20;

  /** The part of a log that may be garbage in any store; a small one keeps small segments. */
  private static final int FREE_LOG_BYTES = 64 << 20;

  /** A compacted segment has this fraction of the live bytes, up to the maximum. */
  private static final int OUTPUT_SHARE = 8;

  /** In a store with a limit, a segment has at most this fraction of the limit. */
  private static final int LIMIT_SHARE = 16;

  private static final int ALIGNMENT = 4096;

  /** The maximum size of all spare files, whatever the size of the store. */
  private static final long MAX_SPARE_FILE_BYTES = 128L << 20;

  /** The size of spare files that is always allowed, whatever the size of the store. */
  private static final long FREE_SPARE_FILE_BYTES = 16L << 20;

  /** Spare files may have this fraction of the store, up to two segments under load. */
  private static final int SPARE_SHARE = 4;

  /** Spare files of a large store may have this fraction of it, up to the maximum. */
  private static final int LARGE_SPARE_SHARE = 8;

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

  /** Returns the size of the next segment of a log of a size, under load. */
  public int next(long logBytes) {
    int atRest = atRest(logBytes);
    if (inMemory) {
      return atRest;
    }
    long share = (logBytes - FREE_LOG_BYTES) / LOAD_SHARE;
    return Math.max(atRest, sized(Math.min(LOAD_BYTES, share)));
  }

  /** Returns the size of the next segment of a store at rest. */
  public int atRest(long logBytes) {
    return sized(logBytes / REST_SHARE);
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
      long small = Math.min(2L * LOAD_BYTES, diskBytes / SPARE_SHARE);
      long large = Math.min(MAX_SPARE_FILE_BYTES, diskBytes / LARGE_SPARE_SHARE);
      return Math.max(FREE_SPARE_FILE_BYTES, Math.max(small, large));
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
