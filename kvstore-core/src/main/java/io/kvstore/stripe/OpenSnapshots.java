package io.kvstore.stripe;

import io.kvstore.platform.LongList;
import java.util.Map;
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
    held.put(sequence, held.getOrDefault(sequence, 0) + 1);
    try {
      counts.put(sequence, counts.getOrDefault(sequence, 0) + 1);
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
    decrement(counts, sequence);
    newest = counts.isEmpty() ? 0 : counts.lastKey();
    return !counts.isEmpty() && counts.firstKey() <= sequence;
  }

  /** Returns the number of open snapshots. */
  synchronized int count() {
    int sum = 0;
    for (int count : counts.values()) {
      sum += count;
    }
    return sum;
  }

  /**
   * Releases the records of a closed snapshot, once no {@link VersionHistory} has them any more.
   */
  synchronized void release(long sequence) {
    decrement(held, sequence);
  }

  private static void decrement(Map<Long, Integer> map, long sequence) {
    int count = map.getOrDefault(sequence, 0);
    if (count > 1) {
      map.put(sequence, count - 1);
    } else {
      map.remove(sequence);
    }
  }

  /** Returns the sequences, each once, lowest first. */
  long[] sequences() {
    LongList sequences = new LongList();
    for (long sequence : counts.keySet()) {
      sequences.add(sequence);
    }
    return sequences.toArray();
  }
}
