package io.kvstore.maintenance;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.compaction.Compaction;
import io.kvstore.compaction.CompactionGoal;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.log.Log;
import io.kvstore.log.LogStats;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.StoreLogger;
import io.kvstore.platform.StoreThread;
import io.kvstore.platform.StoreWorker;
import io.kvstore.stripe.Stripes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that looks after a store. It compacts: when a segment has been sealed, when nothing
 * has been written for a while, when it is asked to, and when the store has reached its limit. It
 * sweeps what has expired, and writes a checkpoint of the indexes when the log has grown enough. It
 * does what else must not meet a compaction.
 */
public final class Maintenance implements Stripes.RoomMaker {
  /** Time between two looks at a store to which nothing happens. */
  private static final long TICK_NANOS = 1_000_000_000L;

  /** As many ticks without a write, and the store is idle. */
  private static final int IDLE_TICKS = 2;

  /** After a failure, nothing is tried for so many ticks, doubled each time up to the most. */
  private static final int FIRST_BACK_OFF_TICKS = 2;

  private static final int MAX_BACK_OFF_TICKS = 256;

  /** What is asked for ends after so many times the bytes there were, while others write. */
  private static final int MAX_PASSES = 3;

  /** So often a put waits for room that others take before it. */
  private static final int MAX_ATTEMPTS = 64;

  /** So much may be asked for and not yet begun. */
  private static final int MAX_TASKS = 64;

  private final Log log;
  private final Compaction compaction;
  private final ExpirySweep sweep;
  private final EventDispatcher events;
  private final @Nullable Checkpointer checkpointer;
  private final @Nullable DiskPressure pressure;
  private final @Nullable StoreDirectory directory;
  private final Path name;
  private final boolean background;
  private final Object lock = new Object();
  private final StoreWorker worker;

  private final Runnable prepare;

  /** Whether that has been done; the thread's alone. */
  private boolean isPrepared;

  @GuardedBy("lock")
  private final ArrayDeque<Task<?>> tasks = new ArrayDeque<>();

  /** The compaction among them, which all share who ask for one. */
  @GuardedBy("lock")
  private @Nullable CompletableFuture<Boolean> compactionAsked;

  @GuardedBy("lock")
  private boolean closed;

  private volatile boolean isStarted;
  private volatile boolean sealed;

  /** The task under way, or the last one. */
  @GuardedBy("lock")
  private @Nullable Task<?> running;

  // Of the thread alone.
  private long lastSequence = -1;
  private long nextTick = System.nanoTime() + TICK_NANOS;
  private int idleTicks;
  private boolean doneWhenIdle;
  private int backOff;
  private int ticksToWait;

  /** Something that was asked for. */
  private record Task<T>(String what, Callable<T> work, CompletableFuture<T> answer) {

    void run() {
      try {
        answer.complete(work.call());
      } catch (Throwable e) {
        fail(e);
      }
    }

    void fail(Throwable e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      StoreWorker.fail(answer, explained(cause));
    }

    private Throwable explained(Throwable cause) {
      try {
        return cause instanceof KvStoreException
            ? cause
            : new KvStoreException("can't " + what + ": " + cause, cause);
      } catch (OutOfMemoryError e) {
        return cause;
      }
    }
  }

  /**
   * What there is to do.
   *
   * @param checkpointer null for a store in memory
   * @param directory looked at with each tick; null for a store that does not have one to itself
   * @param prepare done first
   */
  public record Work(
      Log log,
      Compaction compaction,
      ExpirySweep sweep,
      @Nullable Checkpointer checkpointer,
      EventDispatcher events,
      @Nullable StoreDirectory directory,
      Runnable prepare) {}

  /**
   * @param name for the thread
   * @param background whether anything is done without being asked for
   */
  public Maintenance(Work work, Path name, boolean background) {
    this.log = work.log();
    this.compaction = work.compaction();
    this.sweep = work.sweep();
    this.checkpointer = work.checkpointer();
    this.pressure = work.checkpointer() == null ? null : new DiskPressure(name);
    this.events = work.events();
    this.directory = work.directory();
    this.prepare = work.prepare();
    this.name = name;
    this.background = background;
    this.worker =
        new StoreWorker("compact", name, this::runOnce, log.failure()).atEnd(this::failTasks);
  }

  public void start() {
    worker.start();
    isStarted = true;
  }

  /** Learns that a segment has been sealed; called under the lock of the log. */
  public void sealed() {
    synchronized (lock) {
      lock.notifyAll();
      sealed = true;
    }
  }

  /** Completes when all is compacted that is worth it, with whether anything was. */
  public CompletableFuture<Boolean> compact() {
    synchronized (lock) {
      CompletableFuture<Boolean> asked = compactionAsked;
      if (asked == null) {
        asked = ask("compact " + name, this::compactAll);
        compactionAsked = asked.isDone() ? null : asked;
      }
      return asked;
    }
  }

  /**
   * Has something done on the thread, after what has been asked for before; it is compacted neither
   * meanwhile nor in the middle of it.
   *
   * @param what for a failure: can't do what
   */
  public <T> CompletableFuture<T> ask(String what, Callable<T> work) {
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(new ClosedStoreException("the store is closed"));
      }
      if (tasks.size() == MAX_TASKS) {
        return CompletableFuture.failedFuture(
            new KvStoreException("can't " + what + ": " + MAX_TASKS + " tasks wait already"));
      }
      Task<T> task = new Task<>(what, work, new CompletableFuture<>());
      lock.notifyAll(); // first: what fails from here on has changed nothing
      tasks.add(task);
      return task.answer();
    }
  }

  /** Throws if the store is being closed; for tasks that take long. */
  public void requireOpen() {
    synchronized (lock) {
      if (closed) {
        throw new ClosedStoreException("the store is closed");
      }
    }
  }

  /** Makes a change that may find the store full: then compaction gets its chance first. */
  @Override
  public <T> T withRoom(Supplier<T> change) {
    for (int attempt = 1; ; attempt++) {
      try {
        return change.get();
      } catch (StoreFullException e) {
        if (attempt == MAX_ATTEMPTS || !(hasMadeRoom(e) || attempt == 1)) {
          throw e; // what a round took for the time being is back once one has been waited for
        }
      }
    }
  }

  private boolean hasMadeRoom(StoreFullException full) {
    try {
      return StoreThread.await(compact());
    } catch (ExecutionException e) {
      full.addSuppressed(e);
      return false;
    }
  }

  // ---- the thread

  /** Does the next thing that there is to do; returns false at the end. */
  private boolean runOnce() {
    if (!isPrepared) {
      prepare.run();
      isPrepared = true;
    }
    Task<?> task;
    boolean tick;
    synchronized (lock) {
      tick = awaitWork();
      if (closed) {
        return false;
      }
      task = tasks.poll();
      if (task != null && task.answer() == compactionAsked) {
        compactionAsked = null;
      }
      running = task;
      sealed = false;
    }
    if (tick && directory != null) {
      directory.look();
    }
    if (task != null) {
      task.run();
    } else if (background && !isBackingOff(tick)) {
      lookAfter(tick);
    }
    return true;
  }

  /** Tells who waits for what was asked for that the thread has ended. */
  private void failTasks() {
    List<Task<?>> undone;
    synchronized (lock) {
      closed = true;
      undone = new ArrayList<>(tasks);
      if (running != null) {
        undone.add(running);
      }
    }
    KvStoreException failed = log.failure().get();
    Throwable why = failed == null ? new ClosedStoreException("the store is closed") : failed;
    undone.forEach(task -> task.fail(why));
    synchronized (lock) {
      tasks.clear();
      compactionAsked = null;
    }
  }

  /** Waits for work or for the next tick, and returns whether it is time for that. */
  @GuardedBy("lock")
  private boolean awaitWork() {
    long left = nextTick - System.nanoTime();
    while (tasks.isEmpty() && !closed && !sealed && left > 0) {
      StoreWorker.await(lock, left);
      left = nextTick - System.nanoTime();
    }
    // However much work comes in between: failures are tried again by ticks.
    if (left > 0) {
      return false;
    }
    nextTick = System.nanoTime() + TICK_NANOS;
    return true;
  }

  private boolean isBackingOff(boolean tick) {
    ticksToWait -= tick && ticksToWait > 0 ? 1 : 0;
    return ticksToWait > 0;
  }

  private boolean compactAll() throws IOException, ExecutionException {
    try {
      return compactAllThereIs();
    } catch (IOException | ExecutionException | RuntimeException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      tell(cause, 0);
      throw e;
    }
  }

  private boolean compactAllThereIs() throws IOException, ExecutionException {
    if (directory != null) {
      directory.look(); // even where there is nothing to do
    }
    log.failure().requireNone();
    boolean gained = relieve();
    sweep.run(true);
    try {
      compaction.roll(CompactionGoal.ALL);
    } catch (StoreFullException e) {
      // What is sealed already can be compacted all the same.
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

  /** Has the space of deleted files given back where the disk is short of it. */
  private boolean relieve() throws IOException {
    return pressure != null && pressure.relieveNow(() -> compaction.stats().unreleasedBytes());
  }

  private void lookAfter(boolean tick) {
    try {
      sweep.run(false);
      compactInBackground(tick);
      if (checkpointer != null && isCheckpointDue() && !isAsked()) {
        checkpointer.run();
        sealed = true; // compaction may have made way for it
      }
      if (pressure != null) {
        pressure.relieve(compaction.stats().unreleasedBytes());
      }
      backOff = 0;
    } catch (ClosedStoreException e) {
      // the end, which the next look sees
    } catch (Exception | InternalError | OutOfMemoryError e) {
      // A mapped page that can't be read, no memory for now: the thread has to go on.
      backOff(e);
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
      return; // nothing has changed since there was nothing to do
    }
    CompactionGoal goal = idle ? CompactionGoal.IDLE : CompactionGoal.UNDER_LOAD;
    if (idle) {
      compaction.roll(goal);
      StoreThread.await(log.sync());
    }
    boolean more = true;
    while (more && !isAsked() && !isCheckpointDue()) {
      more = compaction.round(goal);
    }
    doneWhenIdle = idle && !more;
  }

  private boolean isCheckpointDue() {
    return checkpointer != null && checkpointer.isDue();
  }

  private boolean isAsked() {
    synchronized (lock) {
      return closed || !tasks.isEmpty();
    }
  }

  /** Says so once, and tries again later. */
  private void backOff(Throwable e) {
    if (backOff == 0) {
      StoreLogger.get().log(System.Logger.Level.WARNING, "can't compact " + name + " for now", e);
    }
    backOff = backOff == 0 ? FIRST_BACK_OFF_TICKS : Math.min(MAX_BACK_OFF_TICKS, 2 * backOff);
    ticksToWait = backOff;
    tell(e instanceof ExecutionException ? e.getCause() : e, backOff);
  }

  private void tell(@Nullable Throwable failure, int ticks) {
    if (failure != null && !(failure instanceof ClosedStoreException)) {
      Duration pause = Duration.ofNanos(ticks * TICK_NANOS);
      events.tell(listener -> listener.onCompactionFailure(failure, pause));
    }
  }

  /** Ends the thread soon, without the effect of a round under way. */
  public void close() {
    synchronized (lock) {
      lock.notifyAll();
      closed = true;
    }
    compaction.stop();
    if (isStarted) {
      worker.join();
    } else {
      failTasks();
    }
  }
}
