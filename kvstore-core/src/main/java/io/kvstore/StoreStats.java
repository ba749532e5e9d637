package io.kvstore;

import java.time.Duration;

/**
 * A store's counters at one moment. Each is right by itself; taken while others write, they need
 * not fit each other to the byte.
 *
 * @param entries keys that have a value
 * @param liveBytes bytes of the records that hold those values, headers and keys included
 * @param staleBytes bytes of the records that held earlier values
 * @param tombstoneBytes bytes of the records of deletes
 * @param logBytes bytes appended to the log and still in it, live or stale
 * @param diskBytes bytes of the segment files, the unused rest of the active one and the prepared
 *     next one included; for a store in memory, of the buffers
 * @param segments segments in the log
 * @param indexBytes heap that the index takes
 * @param sequence the number of the latest change; the first was 1
 * @param syncedSequence the highest number of which it is known that a power cut can't take it; 0
 *     for a store in memory
 * @param syncs syncs since the store was opened
 * @param appendedBytes bytes of the puts and deletes since the store was opened
 * @param compactedBytes bytes that compaction has written since the store was opened
 * @param compactions rounds of compaction since the store was opened
 * @param unreleasedBytes bytes of files that compaction has deleted and the operating system still
 *     keeps, until the collector finds that nobody reads them any more; on top of {@code diskBytes}
 * @param openDuration how long opening took
 * @param cutBytes bytes of a torn tail that opening cut off the log, 0 after a clean end
 */
public record StoreStats(
    long entries,
    long liveBytes,
    long staleBytes,
    long tombstoneBytes,
    long logBytes,
    long diskBytes,
    int segments,
    long indexBytes,
    long sequence,
    long syncedSequence,
    long syncs,
    long appendedBytes,
    long compactedBytes,
    long compactions,
    long unreleasedBytes,
    Duration openDuration,
    long cutBytes) {

  /** Returns how many bytes were written for each byte that was put or deleted, 1 at least. */
  public double writeAmplification() {
    return appendedBytes == 0 ? 1 : 1 + (double) compactedBytes / appendedBytes;
  }

  /** Returns which part of the bytes of values, live or earlier, is stale: from 0 to 1. */
  public double staleRatio() {
    return staleBytes == 0 ? 0 : (double) staleBytes / (liveBytes + staleBytes);
  }
}
