package io.kvstore.faults.script;

import io.kvstore.LockedStoreException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The reopening of a store that may still be closing: an error that ends a caller's wait for an
 * opening or a close does not end the thread that opens or closes.
 */
public final class Reopened {
  private static final long PAUSE_NANOS = 2_000_000;

  private Reopened() {}

  /** Opens it, as soon as its directory is free, or throws after a limit. */
  public static <T> T within(long seconds, Supplier<T> opening) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (; ; ) {
      try {
        return opening.get();
      } catch (LockedStoreException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
