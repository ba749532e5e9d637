package io.kvstore.bench.rival;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Syncs a rival without a timer of its own every five seconds, as kvstore does by default: then
 * both lose as much at a power failure.
 */
final class SyncTimer implements AutoCloseable {
  private static final long PERIOD_SECONDS = 5;

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "sync-timer");
            thread.setDaemon(true);
            return thread;
          });

  private SyncTimer() {}

  /** A sync that fails ends the process: what it measures from then on means nothing. */
  @SuppressWarnings("FutureReturnValueIgnored") // the task reports its failure itself
  static SyncTimer start(Runnable sync) {
    SyncTimer timer = new SyncTimer();
    timer.executor.scheduleWithFixedDelay(
        () -> syncOrHalt(sync), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    return timer;
  }

  private static void syncOrHalt(Runnable sync) {
    try {
      sync.run();
    } catch (RuntimeException e) {
      System.err.println("a sync failed: " + e);
      Runtime.getRuntime().halt(1);
    }
  }

  /** Waits until no sync is in progress. */
  @Override
  public void close() {
    executor.shutdown();
    boolean interrupted = false;
    while (!executor.isTerminated()) {
      try {
        executor.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
