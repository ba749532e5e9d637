package io.kvstore.maintenance;

import io.kvstore.ClosedStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.compaction.Compaction;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.log.Log;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.StoreThread;
import io.kvstore.platform.StoreWorker;
import io.kvstore.stripe.Stripes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The maintenance thread of a store. It runs the tasks that callers queue, one at a time and never
 * concurrently with a compaction, and in between the {@link BackgroundWork}: after a segment has
 * been sealed, and with each tick.
 */
public final class Maintenance implements Stripes.RoomMaker, Closeable {
  /** The time between two turns if nothing happens. */
  static final long TICK_NANOS = 1_000_000_000L;

  /**
   * The maximum number of attempts of a write to a full store, while other writes take the room
   * that was made.
   */
  private static final int MAX_ATTEMPTS = 64;

  private final TaskQueue queue = new TaskQueue();
  private final BackgroundWork background;
  private final Work work;
  private final Path name;
  private final boolean worksUnasked;
  private final StoreWorker worker;
  private final RoomWatch room;
  private volatile boolean isStarted;

  // Used only by the thread.
  private boolean isPrepared;
  private long nextTick = System.nanoTime() + TICK_NANOS;

  /**
   * The objects that the thread works on.
   *
   * @param checkpointer null for a store in memory
   * @param directory checked with each tick; null if the store does not own one
   * @param prepare runs first
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
   * @param name the name of the thread
   * @param worksUnasked whether it does anything besides queued tasks
   */
  public Maintenance(Work work, Path name, boolean worksUnasked) {
    this.work = work;
    this.name = name;
    this.worksUnasked = worksUnasked;
    this.background = new BackgroundWork(work, queue, name);
    this.room = new RoomWatch(work.log(), work.events(), name);
    this.worker =
        new StoreWorker(
                "compact",
                name,
                new StoreWorker.Step() {
                  @Override
                  public boolean run() {
                    return runOnce();
                  }
                },
                work.log().failure())
            .atEnd(
                new Runnable() {
                  @Override
                  public void run() {
                    failTasks();
                  }
                });
  }

  public void start() {
    worker.start();
    isStarted = true;
  }

  /** Called after a segment has been sealed, under the lock of the log. */
  public void sealed() {
    queue.signal();
  }

  /**
   * Requests a full compaction; the future completes with whether there was anything to compact.
   */
  public CompletableFuture<Boolean> compact() {
    return queue.addShared(
        "compact " + name,
        new Callable<>() {
          @Override
          public Boolean call() throws IOException, ExecutionException {
            return background.compactAll();
          }
        });
  }

  /**
   * Queues a task. Nothing is compacted while it runs.
   *
   * @param what for an error message: can't do what
   */
  public <T> CompletableFuture<T> ask(String what, Callable<T> task) {
    return queue.add(what, task);
  }

  /** Throws if the store is being closed; for long tasks. */
  public void requireOpen() {
    if (queue.isClosed()) {
      throw new ClosedStoreException("the store is closed");
    }
  }

  /** Runs a change; if the store is full, after a compaction. */
  @Override
  public <T> T withRoom(Supplier<T> change) {
    for (int attempt = 1; ; attempt++) {
      try {
        return change.get();
      } catch (StoreFullException e) {
        if (attempt == MAX_ATTEMPTS || !(hasMadeRoom(e) || attempt == 1)) {
          room.rejected(e);
          throw e; // after one round, which has released the space for its own output by then
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

  /** Runs one turn; returns false at the end. */
  private boolean runOnce() {
    if (!isPrepared) {
      work.prepare().run();
      isPrepared = true;
    }
    boolean tick = queue.awaitUntil(nextTick);
    if (queue.isClosed()) {
      return false;
    }
    if (tick) {
      // Ticks come however much other work there is, since failures are retried by ticks.
      nextTick = System.nanoTime() + TICK_NANOS;
      background.look();
      room.look();
    }
    TaskQueue.Task<?> task = queue.take();
    if (task != null) {
      task.run();
    } else if (worksUnasked) {
      background.run(tick);
    }
    return true;
  }

  private void failTasks() {
    queue.fail(work.log().failure().get());
  }

  /** Ends the thread soon; a round in progress is abandoned. */
  @Override
  public void close() {
    queue.close();
    work.compaction().stop();
    if (isStarted) {
      worker.join();
    } else {
      failTasks();
    }
  }
}
