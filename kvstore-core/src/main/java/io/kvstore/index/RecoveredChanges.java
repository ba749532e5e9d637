package io.kvstore.index;

import java.util.Arrays;

/** The changes of one stripe that a thread of the recovery has found, as slots of its index. */
public final class RecoveredChanges {
  private static final int FIRST_LENGTH = 64;

  private final int maxCount;
  private long[] slots = new long[0];
  private int count;

  RecoveredChanges(int maxCount) {
    this.maxCount = maxCount;
  }

  /** Adds a change and returns whether the maximum is reached. */
  boolean add(long slot) {
    if (count == slots.length) {
      slots = Arrays.copyOf(slots, Math.min(maxCount, Math.max(FIRST_LENGTH, 2 * count)));
    }
    slots[count++] = slot;
    return count == maxCount;
  }

  int count() {
    return count;
  }

  long slot(int i) {
    return slots[i];
  }

  void clear() {
    count = 0;
  }
}
