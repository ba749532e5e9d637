package io.kvstore;

import java.time.Duration;

/**
 * A store's counters at one moment. Each is right by itself; taken while others write, they need
 * not fit each other to the byte. What is counted, and not there, is counted from the opening on.
 *
 * @param entries keys that have a value
 * @param liveBytes bytes of the records that hold those values, headers and keys included
 * @param staleBytes bytes of the records that held earlier values
 * @param tombstoneBytes bytes of the records of deletes
 * @param logBytes bytes appended to the log and still in it, live or stale
 * @param diskBytes bytes of the segment files, the unused rest of the active one and the prepared
 *     next one included; for a store in memory, of the buffers
 * @param segments segments in the log
 * @param sequence the number of the latest change; the first was 1
 * @param syncedSequence the highest number of which it is known that a power cut can't take it; 0
 *     for a store in memory
 * @param appendedBytes bytes of the records appended since the store was opened
 * @param operations what callers have asked for
 * @param syncs syncs of the log
 * @param index the indexes of all stripes
 * @param compaction what compaction has done
 * @param snapshots what open snapshots hold
 * @param watches watches that are open
 * @param openDuration how long opening took
 * @param cutBytes bytes of a torn tail that opening cut off the log, 0 after a clean end
 * @param damagedPlaces places where a record was found damaged since the store was opened, 10,000
 *     at most; see {@link StoreListener#onDamage}
 */
public record StoreStats(
    long entries,
    long liveBytes,
    long staleBytes,
    long tombstoneBytes,
    long logBytes,
    long diskBytes,
    int segments,
    long sequence,
    long syncedSequence,
    long appendedBytes,
    Operations operations,
    Syncs syncs,
    Index index,
    Compaction compaction,
    Snapshots snapshots,
    int watches,
    Duration openDuration,
    long cutBytes,
    int damagedPlaces) {

  /**
   * What callers have asked for since the store was opened. Exact: once an operation has returned,
   * it is counted.
   *
   * @param hits reads of one key that have found an entry: {@link KvStore#get}, {@code view},
   *     {@code entry}, {@code containsKey}, {@code remaining}, and each key of {@code getAll}; what
   *     walks, snapshots and writes read is not counted
   * @param misses those that have found none
   * @param puts entries that were stored, whichever method did it, each one of a batch included
   * @param deletes entries that were removed, likewise; not those that had expired
   * @param batches batches that were applied
   * @param refusals conditional writes and batches that were not made, because what they require
   *     was not so: of {@link KvStore#putIfAbsent}, {@code replace}, {@code replaceVersion}, {@link
   *     KvStore#delete(Object, Object)}, {@code deleteVersion} and {@link KvStore#write}
   * @param swept expired entries that were removed
   */
  public record Operations(
      long hits, long misses, long puts, long deletes, long batches, long refusals, long swept) {

    /** Returns the reads of one key: hits and misses. */
    public long gets() {
      return hits + misses;
    }
  }

  /**
   * Syncs of the log that have succeeded since the store was opened. Those of files that are new,
   * of compaction and of checkpoints are not counted.
   *
   * @param total the time that all of them took together
   * @param longest the time that the longest took, zero if there was none
   */
  public record Syncs(long count, Duration total, Duration longest) {}

  /**
   * The indexes of all stripes together.
   *
   * @param heapBytes heap that they take
   * @param slots places for entries; a stripe's index grows when seven of ten are taken
   */
  public record Index(long heapBytes, long slots) {}

  /**
   * What compaction has done since the store was opened.
   *
   * @param rounds rounds that have gained something
   * @param writtenBytes bytes of the segments that they have written
   * @param unreleasedBytes bytes on the disk on top of {@link StoreStats#diskBytes}: of files that
   *     are kept for the next segments, and of files that are deleted and that the operating system
   *     still keeps, because somebody reads them or, before JDK 22, until the collector runs
   */
  public record Compaction(long rounds, long writtenBytes, long unreleasedBytes) {}

  /**
   * What open snapshots hold.
   *
   * @param open snapshots that are open
   * @param historyEntries entries of the indexes, replaced or deleted since, that are kept for them
   * @param retiredSegments segments that compaction has replaced, and that are kept for them
   * @param retiredBytes bytes of those; of a store with a directory they are among {@link
   *     Compaction#unreleasedBytes}
   */
  public record Snapshots(int open, long historyEntries, int retiredSegments, long retiredBytes) {}

  /**
   * Returns how many bytes were written for each byte that was appended: {@code (appendedBytes +
   * compaction.writtenBytes) / appendedBytes}, and 1 if nothing was appended.
   */
  public double writeAmplification() {
    return appendedBytes == 0 ? 1 : 1 + (double) compaction.writtenBytes / appendedBytes;
  }

  /**
   * Returns which part of the bytes of values, live or earlier, is stale: {@code staleBytes /
   * (liveBytes + staleBytes)}, from 0 to 1, and 0 if there are none.
   */
  public double staleRatio() {
    return staleBytes == 0 ? 0 : (double) staleBytes / (liveBytes + staleBytes);
  }

  /** Returns how full the indexes are: {@code entries / index.slots}, from 0 to 0.7. */
  public double indexLoad() {
    return index.slots == 0 ? 0 : (double) entries / index.slots;
  }
}
