package io.kvstore.bench.net;

/** A source of operations for the connections of one thread. Confined to that thread. */
interface Work {
  /**
   * Hands a connection its next operation.
   *
   * @param task what to fill
   * @return false if there is none for it now
   */
  boolean take(int connection, long nowNanos, Task task);

  /** Returns whether there will be nothing more to take. */
  boolean isOver(long nowNanos);

  /** Lets go of what a connection that can't take anything should have taken long ago. */
  default void giveUp(int connection, long nowNanos) {}

  /**
   * Returns a connection for which one operation more has become due since the last call, or -1.
   * Only {@link ScheduledWork} makes connections wait for that.
   */
  default int nextDue(long nowNanos) {
    return -1;
  }

  /** Returns how many nanoseconds there are until {@link #nextDue} has anything to say. */
  default long nanosToNextDue(long nowNanos) {
    return Long.MAX_VALUE;
  }
}
