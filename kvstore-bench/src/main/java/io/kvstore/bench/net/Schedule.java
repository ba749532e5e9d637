package io.kvstore.bench.net;

/**
 * The schedule of one thread (open loop): operations are due at even intervals, whatever the server
 * does.
 *
 * <p>{@code threads} threads that share a rate take turns, so that their operations together are
 * evenly spread as well.
 */
final class Schedule {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Period period;
  private final double offsetNanos;
  private final double intervalNanos;
  private final long count;

  private Schedule(Period period, double offsetNanos, double intervalNanos, long count) {
    this.period = period;
    this.offsetNanos = offsetNanos;
    this.intervalNanos = intervalNanos;
    this.count = count;
  }

  /**
   * Returns the part of one thread.
   *
   * @param perSecond operations a second of all threads
   * @param part this thread, from 0
   */
  static Schedule of(Period period, double perSecond, int part, int threads) {
    double offset = part * NANOS_PER_SECOND / perSecond;
    double interval = threads * NANOS_PER_SECOND / perSecond;
    long count = Math.max(0, (long) Math.ceil((period.nanos() - offset) / interval));
    return new Schedule(period, offset, interval, count);
  }

  /** Returns how many operations there are. */
  long count() {
    return count;
  }

  /** Returns when an operation is due, by {@link System#nanoTime}; the first is number 0. */
  long due(long number) {
    return period.startNanos() + (long) (offsetNanos + number * intervalNanos);
  }

  /** Returns whether an operation is due after the warm-up. */
  boolean isMeasured(long number) {
    return period.measures(due(number));
  }
}
