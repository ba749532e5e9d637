package io.kvstore.stripe;

import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The sequences of the open snapshots. One is added while all stripes are locked, so a stripe that
 * changes something knows every snapshot that must not see the change.
 */
public final class OpenSnapshots {
  /** The number of open snapshots per sequence. */
  private final ConcurrentSkipListMap<Long, Integer> counts = new ConcurrentSkipListMap<>();

  /** The number of snapshots per sequence that are open, or closed and not yet released. */
  private final TreeMap<Long, Integer> held = new TreeMap<>();

  private volatile long newest;

  /** Returns the highest sequence of an open snapshot, 0 if there is none. */
  long newest() {
    return newest;
  }

  /**
   * Returns the lowest sequence of a snapshot that is open, or closed and not yet released; the
   * largest long if there is none.
   */
  synchronized long oldestHeld() {
    return held.isEmpty() ? Long.MAX_VALUE : held.firstKey();
  }

  synchronized void add(long sequence) {
    held.merge(sequence, 1, Integer::sum);
    try {
      counts.merge(sequence, 1, Integer::sum);
    } catch (Throwable e) {
      release(sequence);
      throw e;
    }
    newest = counts.lastKey();
  }

  /**
   * Closes a snapshot: from now on nothing is kept for it.
   *
   * @return whether a snapshot is open that is as old or older. The later close of that one, by
   *     this method, sees that this one is closed.
   */
  synchronized boolean remove(long sequence) {
    counts.computeIfPresent(sequence, (at, count) -> count == 1 ? null : count - 1);
    newest = counts.isEmpty() ? 0 : counts.lastKey();
    return !counts.isEmpty() && counts.firstKey() <= sequence;
  }

  /** Returns the number of open snapshots. */
  synchronized int count() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * Releases the records of a closed snapshot, once no {@link VersionHistory} has them any more.
   */
  synchronized void release(long sequence) {
    held.computeIfPresent(sequence, (at, count) -> count == 1 ? null : count - 1);
  }

  /** Returns the sequences, each once, lowest first. */
  long[] sequences() {
    return counts.keySet().stream().mapToLong(Long::longValue).toArray();
  }
}
