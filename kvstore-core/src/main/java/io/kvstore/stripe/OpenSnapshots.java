package io.kvstore.stripe;

import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The sequences that open snapshots stand for. One is added while all stripes are locked, so a
 * stripe that changes something knows every snapshot that must not see the change.
 */
public final class OpenSnapshots {
  /** How many snapshots are open at a sequence. */
  private final ConcurrentSkipListMap<Long, Integer> counts = new ConcurrentSkipListMap<>();

  /** Those, and how many were closed of which something may still be in use. */
  private final TreeMap<Long, Integer> held = new TreeMap<>();

  private volatile long newest;

  /** Returns the highest sequence that a snapshot is open at, 0 if there is none. */
  long newest() {
    return newest;
  }

  /**
   * Returns the lowest sequence at which a snapshot is open, or closed and not yet released; the
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
   * Closes one: from now on nothing is kept for it.
   *
   * @return whether one is open that is as old or older. When that is closed, by this method, later
   *     than this one, whoever does so sees that this one is closed.
   */
  synchronized boolean remove(long sequence) {
    counts.computeIfPresent(sequence, (at, count) -> count == 1 ? null : count - 1);
    newest = counts.isEmpty() ? 0 : counts.lastKey();
    return !counts.isEmpty() && counts.firstKey() <= sequence;
  }

  /** Returns how many snapshots are open. */
  synchronized int count() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * Lets go of the records of one that was closed, once no {@link VersionHistory} has them any
   * more.
   */
  synchronized void release(long sequence) {
    held.computeIfPresent(sequence, (at, count) -> count == 1 ? null : count - 1);
  }

  /** Returns the sequences, each once, lowest first. */
  long[] sequences() {
    return counts.keySet().stream().mapToLong(Long::longValue).toArray();
  }
}
