package io.kvstore.maintenance;

/**
 * An exponential back-off: pauses after repeated failures double, counted in ticks. For one thread.
 */
final class BackOff {
  private static final int FIRST_TICKS = 2;
  private static final int MAX_TICKS = 256;

  private int ticks;
  private int left;

  /** Counts a failure, and returns the ticks of the pause that begins. */
  int failed() {
    ticks = ticks == 0 ? FIRST_TICKS : Math.min(MAX_TICKS, 2 * ticks);
    left = ticks;
    return ticks;
  }

  void succeeded() {
    ticks = 0;
  }

  /** Returns whether the last attempt failed. */
  boolean hasFailed() {
    return ticks > 0;
  }

  /**
   * Returns whether a pause is in progress.
   *
   * @param tick whether a tick of it has passed
   */
  boolean isPausing(boolean tick) {
    left -= tick && left > 0 ? 1 : 0;
    return left > 0;
  }
}
