package io.kvstore.platform;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A background thread of the store, which runs one step after the other until there are no more. If
 * it ends for any other reason, the store has failed: every later write is rejected with that
 * cause, and threads that wait for this one are notified.
 *
 * <p>A lack of memory is often temporary, and does not end the thread: the step is run again after
 * a pause, so a step that throws must leave its work to be found again.
 */
public final class StoreWorker {
  /** The interval at which a thread that waits for a store thread checks whether that has ended. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** The interval at which an idle thread checks for work; normally it is notified. */
  public static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** The maximum number of consecutive pauses for lack of memory, which take 10 seconds. */
  private static final int MAX_PAUSES = 1000;

  private final Step step;
  private final WriteFailure failure;
  private final Thread thread;
  private volatile @Nullable Runnable atEnd;

  /** One step of the work. */
  @FunctionalInterface
  public interface Step {
    /** Runs the step, and returns whether there may be more. */
    boolean run();
  }

  /**
   * Creates a worker. A step may fail only for lack of memory; any other failure is a failure of
   * the store.
   */
  public StoreWorker(String work, Path directory, Step step, WriteFailure failure) {
    this.step = step;
    this.failure = failure;
    this.thread =
        StoreThread.of(
            work,
            directory,
            new Runnable() {
              @Override
              public void run() {
                StoreWorker.this.run();
              }
            });
  }

  /**
   * Sets the action that runs on the thread when it ends, for any reason. Call it before the start.
   */
  public StoreWorker atEnd(Runnable action) {
    this.atEnd = action;
    return this;
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (runRetrying(step)) {}
    } catch (Throwable e) {
      failure.noteUnexpected(e);
    } finally {
      end();
    }
  }

  private void end() {
    Runnable action = atEnd;
    for (int i = 0; action != null && i < MAX_PAUSES; i++) {
      try {
        action.run();
        return;
      } catch (Throwable e) {
        // Another thread may be waiting for this without a limit, so it is tried once more.
        rest();
      }
    }
  }

  /**
   * Runs a step, and again while memory is lacking.
   *
   * @throws OutOfMemoryError if memory is lacking for too long
   */
  private static boolean runRetrying(Step step) {
    for (int attempt = 1; ; attempt++) {
      try {
        return step.run();
      } catch (OutOfMemoryError e) {
        pause(attempt, e);
      }
    }
  }

  /** Waits before the next attempt, unless too many have failed for lack of memory. */
  public static void pause(int attempt, OutOfMemoryError e) {
    if (attempt >= MAX_PAUSES) {
      throw e;
    }
    rest();
  }

  /** Waits briefly, so that other threads may release memory. */
  static void rest() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /** Fails a future that another thread may wait for, however little memory there is. */
  public static void fail(CompletableFuture<?> future, Throwable why) {
    for (int attempt = 1; ; attempt++) {
      try {
        future.completeExceptionally(why);
        return;
      } catch (OutOfMemoryError e) {
        pause(attempt, e);
      }
    }
  }

  /** Waits for the end of the thread; the interrupt status is restored afterwards. */
  public void join() {
    StoreThread.join(thread);
  }

  /** Returns whether the caller is the thread. */
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /**
   * Waits for a notification of a lock that the caller holds, but only for a short time; then the
   * caller checks again whether it has to wait, since the thread it waits for may have ended. The
   * interrupt status is restored afterwards.
   */
  public static void await(Object lock) {
    await(lock, LOOK_NANOS);
  }

  /**
   * Waits like {@link #await(Object)}, but not longer than a time, and not at all if that is not
   * positive.
   */
  @SuppressWarnings({"WaitNotInLoop", "TimeUnitConversionChecker"}) // the callers loop
  public static void await(Object lock, long nanos) {
    boolean interrupted = Thread.interrupted();
    try {
      TimeUnit.NANOSECONDS.timedWait(lock, nanos);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
