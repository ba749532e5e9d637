package io.kvstore.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for background work of a store that publishes no event. */
public final class Await {
  private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private Await() {}

  /** Returns once a condition holds; fails after two minutes. */
  public static void that(Callable<Boolean> condition) {
    long end = System.nanoTime() + MAX_NANOS;
    while (!holds(condition)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it does not happen");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static boolean holds(Callable<Boolean> condition) {
    try {
      return condition.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
