package io.kvstore.maintenance;

import io.kvstore.ClosedStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.StoreListener;
import io.kvstore.compaction.Compaction;
import io.kvstore.compaction.CompactionGoal;
import io.kvstore.log.Log;
import io.kvstore.log.LogStats;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.StoreLogger;
import io.kvstore.platform.StoreThread;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The work of the maintenance thread: compaction, the sweep of expired entries, checkpoints of the
 * indexes. Used only by that thread.
 */
final class BackgroundWork {
  /** A store is idle after this many ticks without a write. */
  private static final int IDLE_TICKS = 2;

  /**
   * A full compaction ends after writing this multiple of the initial bytes, during concurrent
   * writes.
   */
  private static final int MAX_PASSES = 3;

  private final Maintenance.Work work;
  private final Log log;
  private final Compaction compaction;
  private final ExpirySweep sweep;
  private final EventDispatcher events;
  private final @Nullable Checkpointer checkpointer;
  private final @Nullable DiskPressure pressure;
  private final TaskQueue queue;
  private final Path name;
  private final BackOff backOff = new BackOff();
  private long lastSequence = -1;
  private int idleTicks;
  private boolean doneWhenIdle;

  BackgroundWork(Maintenance.Work work, TaskQueue queue, Path name) {
    this.work = work;
    this.log = work.log();
    this.compaction = work.compaction();
    this.sweep = work.sweep();
    this.events = work.events();
    this.checkpointer = work.checkpointer();
    this.pressure = work.checkpointer() == null ? null : new DiskPressure(name);
    this.queue = queue;
    this.name = name;
  }

  /** Checks that the directory still belongs to the store. */
  void look() {
    if (work.directory() != null) {
      work.directory().look();
    }
  }

  /** Compacts everything that is worth compacting, and returns whether there was anything. */
  boolean compactAll() throws IOException, ExecutionException {
    try {
      return compactAllThereIs();
    } catch (IOException | ExecutionException | RuntimeException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      report(cause, 0);
      throw e;
    }
  }

  private boolean compactAllThereIs() throws IOException, ExecutionException {
    look(); // even if there is nothing to do
    log.failure().requireNone();
    boolean gained = relieve();
    sweep.run(true);
    try {
      compaction.roll(CompactionGoal.ALL);
    } catch (StoreFullException e) {
      // The sealed segments can still be compacted.
    }
    // A segment can be compacted once it has been synced.
    StoreThread.await(log.sync());
    long budget = MAX_PASSES * log.stats().diskBytes();
    long start = compaction.stats().compactedBytes();
    while (compaction.round(CompactionGoal.ALL)) {
      gained = true;
      if (compaction.stats().compactedBytes() - start > budget) {
        break;
      }
    }
    return relieve() || gained;
  }

  /** Releases the space of deleted files if the disk is short of it. */
  private boolean relieve() throws IOException {
    return pressure != null
        && pressure.relieveNow(
            new LongSupplier() {
              @Override
              public long getAsLong() {
                return compaction.stats().unreleasedBytes();
              }
            });
  }

  /**
   * Runs one turn of the work that is due, unless it has to pause after a failure. The turn ends
   * early when a task is queued.
   *
   * @param tick whether a tick has passed since the last turn
   */
  void run(boolean tick) {
    if (backOff.isPausing(tick)) {
      return;
    }
    try {
      sweep.run(false);
      compactInBackground(tick);
      if (checkpointer != null && isCheckpointDue() && !queue.isWanted()) {
        checkpointer.run();
        queue.signalNext(); // compaction may have yielded to it
      }
      if (pressure != null) {
        pressure.relieve(compaction.stats().unreleasedBytes());
      }
      backOff.succeeded();
    } catch (ClosedStoreException e) {
      // the store is closing, which the next turn detects
    } catch (Exception | InternalError | OutOfMemoryError e) {
      // An unreadable mapped page, or a temporary lack of memory: the thread has to go on.
      pause(e);
    }
  }

  private void compactInBackground(boolean tick) throws IOException, ExecutionException {
    LogStats now = log.stats();
    if (tick) {
      idleTicks = now.sequence() == lastSequence ? idleTicks + 1 : 0;
      doneWhenIdle &= idleTicks > 0;
      lastSequence = now.sequence();
    }
    boolean idle = idleTicks >= IDLE_TICKS;
    if (idle && doneWhenIdle) {
      return; // no change since
    }
    CompactionGoal goal = idle ? CompactionGoal.IDLE : CompactionGoal.UNDER_LOAD;
    if (idle) {
      compaction.roll(goal);
      StoreThread.await(log.sync());
    }
    boolean more = true;
    while (more && !queue.isWanted() && !isCheckpointDue()) {
      more = compaction.round(goal);
    }
    doneWhenIdle = idle && !more;
  }

  private boolean isCheckpointDue() {
    return checkpointer != null && checkpointer.isDue();
  }

  /** Reports the first of several failures, and retries later. */
  private void pause(Throwable e) {
    if (!backOff.hasFailed()) {
      StoreLogger.get().log(System.Logger.Level.WARNING, "can't compact " + name + " for now", e);
    }
    report(e instanceof ExecutionException ? e.getCause() : e, backOff.failed());
  }

  private void report(@Nullable Throwable failure, int ticks) {
    if (failure != null && !(failure instanceof ClosedStoreException)) {
      Duration pause = Duration.ofNanos(ticks * Maintenance.TICK_NANOS);
      events.publish(
          new Consumer<>() {
            @Override
            public void accept(StoreListener listener) {
              listener.onCompactionFailure(failure, pause);
            }
          });
    }
  }
}
