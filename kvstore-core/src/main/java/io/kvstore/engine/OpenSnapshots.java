package io.kvstore.engine;

import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The sequences that open snapshots stand for. One is added while all stripes are locked, so a
 * stripe that changes something knows every snapshot that must not see the change.
 */
final class OpenSnapshots {
  /** How many snapshots are open at a sequence. */
  private final ConcurrentSkipListMap<Long, Integer> counts = new ConcurrentSkipListMap<>();

  private volatile long newest;

  /** Returns the highest sequence that a snapshot is open at, 0 if there is none. */
  long newest() {
    return newest;
  }

  /** Returns the lowest sequence that a snapshot is open at; the largest long if there is none. */
  synchronized long oldest() {
    return counts.isEmpty() ? Long.MAX_VALUE : counts.firstKey();
  }

  synchronized void add(long sequence) {
    counts.merge(sequence, 1, Integer::sum);
    newest = counts.lastKey();
  }

  synchronized void remove(long sequence) {
    counts.computeIfPresent(sequence, (at, count) -> count == 1 ? null : count - 1);
    newest = counts.isEmpty() ? 0 : counts.lastKey();
  }

  /** Returns how many snapshots are open. */
  synchronized int count() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Returns the sequences, each once, lowest first. */
  long[] sequences() {
    return counts.keySet().stream().mapToLong(Long::longValue).toArray();
  }
}
