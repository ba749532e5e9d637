package io.kvstore.segment;

import io.kvstore.KvStoreBuilder;
import io.kvstore.StoreFullException;
import java.util.ArrayDeque;
import java.util.function.IntPredicate;

/**
 * The segment numbers of a store: hands them out, and says how scarce they are. Numbers that were
 * never taken go first, and then those that have been free the longest. Not thread-safe.
 */
final class SegmentNumbers {
  /** Numbers that puts leave to deletes and to compaction, and deletes to compaction. */
  private static final int RESERVED = 64;

  /**
   * Compaction writes segments so large that all live records fit into this part of the numbers.
   */
  private static final int LIVE_SHARE = 4;

  private final int max;

  /** Numbers from here on were never taken. */
  private int fresh;

  private final ArrayDeque<Integer> freed = new ArrayDeque<>();

  /** Creates the numbers from 0 to {@code max - 1}, all of them free. */
  SegmentNumbers(int max) {
    this.max = max;
  }

  /**
   * Takes a free number.
   *
   * @throws StoreFullException if there is none
   */
  int take() {
    Integer number = fresh < max ? (Integer) fresh++ : freed.poll();
    if (number == null) {
      throw new StoreFullException("the store has " + max + " segments, and can't have more");
    }
    return number;
  }

  void free(int number) {
    freed.add(number);
  }

  void freeAll() {
    fresh = 0;
    freed.clear();
  }

  /** Starts at a number; those before it that are not taken are free, and come last. */
  void startAt(int number, IntPredicate isTaken) {
    for (int i = fresh; i < number; i++) {
      if (!isTaken.test(i)) {
        freed.add(i);
      }
    }
    fresh = Math.max(fresh, number);
  }

  /**
   * Requires that a change may take one more number. Some are reserved for deletes, which lead to
   * free numbers, and for compaction, which makes them.
   *
   * @throws StoreFullException if it may not
   */
  void requireFree(boolean put) {
    int free = max - fresh + freed.size();
    int reserved = Math.min(RESERVED, max / 8);
    if (free <= (put ? 2 * reserved : reserved)) {
      throw new StoreFullException(
          "the store has "
              + (max - free)
              + " of at most "
              + max
              + " segments, and the rest is kept for deletes and compaction: close snapshots, or"
              + " delete entries");
    }
  }

  /** Returns whether a store with this many segments will soon reject puts. */
  boolean areScarce(int segments) {
    return segments >= max - max / LIVE_SHARE;
  }

  /** Returns the least size of compaction's output with which all live records find room. */
  int leastOutput(long liveBytes) {
    long output = liveBytes / Math.max(1, max / LIVE_SHARE);
    return (int) Math.min(KvStoreBuilder.MAX_SEGMENT_BYTES, output);
  }
}
