package io.kvstore.bench.net;

import java.util.concurrent.TimeUnit;

/**
 * Open-loop load: scheduled operations, given to the connections in turn. A connection that is
 * behind keeps its operations and their due times, so that a slow server never delays the schedule.
 * The queue is only a count: the schedule knows when each operation was due.
 */
final class ScheduledWork implements Work {
  /** An operation that is later than this is not sent any more: the limit of every queue. */
  static final long MAX_LATE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Schedule schedule;
  private final Mix mix;
  private final Tally tally;

  /** How many operations each connection has taken, or given up. */
  private final long[] taken;

  private long takenInAll;

  /** How many operations have been seen to be due. */
  private long seen;

  ScheduledWork(Schedule schedule, int connections, Mix mix, Tally tally) {
    this.schedule = schedule;
    this.mix = mix;
    this.tally = tally;
    taken = new long[connections];
  }

  @Override
  public boolean take(int connection, long nowNanos, Task task) {
    giveUp(connection, nowNanos);
    long number = next(connection);
    if (number >= schedule.count() || schedule.due(number) - nowNanos > 0) {
      return false;
    }
    taken[connection]++;
    takenInAll++;
    mix.draw(schedule.due(number), task);
    return true;
  }

  @Override
  public void giveUp(int connection, long nowNanos) {
    long number = next(connection);
    while (number < schedule.count() && nowNanos - schedule.due(number) > MAX_LATE_NANOS) {
      taken[connection]++;
      takenInAll++;
      tally.countUnsent(1);
      number = next(connection);
    }
  }

  private long next(int connection) {
    return connection + taken[connection] * taken.length;
  }

  @Override
  public boolean isOver(long nowNanos) {
    return takenInAll == schedule.count();
  }

  @Override
  public long nanosToNextDue(long nowNanos) {
    return seen < schedule.count() ? schedule.due(seen) - nowNanos : Long.MAX_VALUE;
  }

  @Override
  public int nextDue(long nowNanos) {
    if (seen >= schedule.count() || schedule.due(seen) - nowNanos > 0) {
      return -1;
    }
    if (schedule.isMeasured(seen)) {
      Tally.record(tally.ownDelay(), nowNanos - schedule.due(seen));
    }
    return (int) (seen++ % taken.length);
  }
}
