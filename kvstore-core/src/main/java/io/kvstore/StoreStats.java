package io.kvstore;

import java.time.Duration;

/**
 * The counters and sizes of a store at one point in time. Each is exact by itself; taken during
 * writes, they may differ slightly from each other. Counters start at zero when the store is
 * opened.
 *
 * @param entries keys that have a value
 * @param liveBytes bytes of the records that hold those values, headers and keys included
 * @param staleBytes bytes of the records that held earlier values
 * @param tombstoneBytes bytes of the records of deletes
 * @param logBytes bytes appended to the log and still in it, live or stale
 * @param diskBytes bytes of the segment files, including the unused rest of the active one and the
 *     prepared next one; for a store in memory, bytes of the buffers
 * @param segments segments in the log
 * @param sequence the sequence of the latest change; the first was 1
 * @param syncedSequence the highest sequence that is known to survive a power cut; 0 for a store in
 *     memory
 * @param appendedBytes bytes of the records appended since the store was opened
 * @param operations counters of the operations of callers
 * @param syncs syncs of the log
 * @param index the indexes of all stripes
 * @param compaction counters of compaction
 * @param snapshots counters and sizes of open snapshots
 * @param watches number of open watches
 * @param openDuration how long opening took
 * @param cutBytes bytes of a torn tail that opening cut off the log, 0 after a clean end
 * @param damagedPlaces number of damaged records found since the store was opened, 10,000 at most;
 *     see {@link StoreListener#onDamage}
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
   * Counters of the operations of callers since the store was opened. Exact: once an operation has
   * returned, it is counted.
   *
   * @param hits reads of one key that found an entry: {@link KvStore#get}, {@code view}, {@code
   *     entry}, {@code containsKey}, {@code remaining}, and each key of {@code getAll}; reads by
   *     scans, snapshots and writes are not counted
   * @param misses reads of one key that found none
   * @param puts entries that were stored, by any method, counting each put of a batch
   * @param deletes entries that were removed, by any method, not counting expired ones
   * @param batches batches that were applied
   * @param refusals conditional writes and batches that were not applied because their condition
   *     did not hold: of {@link KvStore#putIfAbsent}, {@code replace}, {@code replaceVersion},
   *     {@link KvStore#delete(Object, Object)}, {@code deleteVersion} and {@link KvStore#write}
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
   * Counters of the syncs of the log that have succeeded since the store was opened. Syncs of new
   * files, of compaction and of checkpoints are not counted.
   *
   * @param count number of syncs
   * @param total total duration
   * @param longest duration of the longest, zero if there was none
   */
  public record Syncs(long count, Duration total, Duration longest) {}

  /**
   * Sizes of the indexes of all stripes together.
   *
   * @param heapBytes heap that they take, in bytes
   * @param slots slots of the hash tables; a stripe's index grows when seven of ten slots are taken
   */
  public record Index(long heapBytes, long slots) {}

  /**
   * Counters of compaction since the store was opened.
   *
   * @param rounds rounds that have reclaimed space
   * @param writtenBytes bytes of the segments that they have written
   * @param unreleasedBytes bytes on the disk in addition to {@link StoreStats#diskBytes}: of spare
   *     files that are kept for the next segments, and of deleted files that the operating system
   *     still keeps, because they are being read or, before JDK 22, until the garbage collector
   *     runs
   */
  public record Compaction(long rounds, long writtenBytes, long unreleasedBytes) {}

  /**
   * Counters and sizes of open snapshots.
   *
   * @param open number of open snapshots
   * @param historyEntries index entries, replaced or deleted since, that are kept for them
   * @param retiredSegments segments that compaction has replaced, and that are kept for them
   * @param retiredBytes bytes of those segments; for a store with a directory they are included in
   *     {@link Compaction#unreleasedBytes}
   */
  public record Snapshots(int open, long historyEntries, int retiredSegments, long retiredBytes) {}

  /**
   * Returns the write amplification, which is bytes written for each byte appended: {@code
   * (appendedBytes + compaction.writtenBytes) / appendedBytes}, and 1 if nothing was appended.
   */
  public double writeAmplification() {
    return appendedBytes == 0 ? 1 : 1 + (double) compaction.writtenBytes / appendedBytes;
  }

  /**
   * Returns the share of the bytes of values, live or earlier, that is stale: {@code staleBytes /
   * (liveBytes + staleBytes)}, from 0 to 1, and 0 if there are none.
   */
  public double staleRatio() {
    return staleBytes == 0 ? 0 : (double) staleBytes / (liveBytes + staleBytes);
  }

  /** Returns the load factor of the indexes: {@code entries / index.slots}, from 0 to 0.7. */
  public double indexLoad() {
    return index.slots == 0 ? 0 : (double) entries / index.slots;
  }
}
