package io.kvstore.bench.net;

/**
 * The period of a load, by {@link System#nanoTime}: a warm-up and a measured part.
 *
 * @param fromNanos when the warm-up is over: only operations due from here on are measured
 */
record Period(long startNanos, long fromNanos, long endNanos) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Returns one that starts then. */
  static Period startingAt(long startNanos, double warmUpSeconds, double seconds) {
    long fromNanos = startNanos + (long) (warmUpSeconds * NANOS_PER_SECOND);
    return new Period(startNanos, fromNanos, fromNanos + (long) (seconds * NANOS_PER_SECOND));
  }

  /** Returns the whole length, the warm-up included. */
  long nanos() {
    return endNanos - startNanos;
  }

  /** Returns the length of the part that counts. */
  double measuredSeconds() {
    return (endNanos - fromNanos) / NANOS_PER_SECOND;
  }

  /** Returns whether the warm-up is over and the end not yet come. */
  boolean measures(long nanos) {
    return nanos - fromNanos >= 0 && nanos - endNanos < 0;
  }
}
