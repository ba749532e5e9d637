package io.kvstore.ownership;

import java.util.concurrent.TimeUnit;

/**
 * A rate limit for a check that costs a system call and is requested for many files in a row: at
 * most two checks per millisecond. Two threads at once may check once more.
 */
final class LookRate {
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int MAX_LOOKS = 2;

  private volatile long start = System.nanoTime() - WINDOW_NANOS;
  private volatile int looks;

  /** Returns whether to check now, and counts the check if so. */
  boolean isDue() {
    long now = System.nanoTime();
    if (now - start >= WINDOW_NANOS) {
      start = now;
      looks = 1;
      return true;
    }
    int before = looks;
    if (before < MAX_LOOKS) {
      looks = before + 1;
      return true;
    }
    return false;
  }
}
