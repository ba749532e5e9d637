package io.kvstore.ownership;

import java.util.concurrent.TimeUnit;

/**
 * How often something is looked at that costs a system call, and that many files in a row ask for:
 * each time, but not more than twice a millisecond. Two threads at once may look once more.
 */
final class LookRate {
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int MAX_LOOKS = 2;

  private volatile long start = System.nanoTime() - WINDOW_NANOS;
  private volatile int looks;

  /** Tells whether to look now; if so, that is counted. */
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
