package io.kvstore.platform;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of the store that runs one step after the other until there is no more. If it ends for
 * any other reason, the store has failed: every later write is refused with that reason, and those
 * who wait for the thread are told.
 *
 * <p>Want of memory is often over soon, and is no reason to end: the step is run again after a
 * pause, so a step must leave its work to be found again when it throws.
 */
public final class StoreWorker {
  /** How often who waits for a thread of the store looks whether that has ended. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How often a thread without work looks for some; those who have some notify it. */
  public static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** For so many pauses in a row, 10 seconds, memory may be wanting. */
  private static final int MAX_PAUSES = 1000;

  private final Step step;
  private final WriteFailure failure;
  private final Thread thread;
  private volatile @Nullable Runnable atEnd;

  /** One step of the work. */
  @FunctionalInterface
  public interface Step {
    /** Does it, and returns whether there may be more. */
    boolean run();
  }

  /** With a step that fails by want of memory only, or else ends the store. */
  public StoreWorker(String work, Path directory, Step step, WriteFailure failure) {
    this.step = step;
    this.failure = failure;
    this.thread = StoreThread.of(work, directory, this::run);
  }

  /** Sets what is done on the thread when it ends, whatever the reason; before it is started. */
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
      while (patiently(step)) {}
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
        // Somebody may wait for this for ever: once more.
        rest();
      }
    }
  }

  /**
   * Runs a step, again and again as long as memory is wanting.
   *
   * @throws OutOfMemoryError if it is wanting for too long
   */
  private static boolean patiently(Step step) {
    for (int attempt = 1; ; attempt++) {
      try {
        return step.run();
      } catch (OutOfMemoryError e) {
        pause(attempt, e);
      }
    }
  }

  /** Waits before the next attempt, unless memory has been wanting in too many. */
  public static void pause(int attempt, OutOfMemoryError e) {
    if (attempt >= MAX_PAUSES) {
      throw e;
    }
    rest();
  }

  /** Waits a moment, in which others may let go of memory. */
  static void rest() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /** Fails a future that somebody may wait for, however little memory there is. */
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

  /** Waits for the end of the thread; an interrupt is kept for later. */
  public void join() {
    StoreThread.join(thread);
  }

  /** Returns whether the caller is the thread. */
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /**
   * Waits until somebody notifies those who wait for a lock, which the caller holds, or for a
   * moment, after which the caller looks again whether it has to wait: the thread that it waits for
   * may have ended. An interrupt is kept for later.
   */
  public static void await(Object lock) {
    await(lock, LOOK_NANOS);
  }

  /** Waits likewise, for so long at the most; not at all for a time that is over. */
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
