package io.kvstore.maintenance;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.platform.StoreWorker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The task queue of the maintenance thread, and the signals that wake it. */
final class TaskQueue {
  /** The maximum number of queued tasks. */
  private static final int MAX_TASKS = 64;

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ArrayDeque<Task<?>> tasks = new ArrayDeque<>();

  /** The result of a queued task that later callers share. */
  @GuardedBy("lock")
  private @Nullable CompletableFuture<Boolean> shared;

  /** The current or last task. */
  @GuardedBy("lock")
  private @Nullable Task<?> running;

  @GuardedBy("lock")
  private boolean closed;

  private volatile boolean signalled;

  /**
   * A queued task.
   *
   * @param what for an error message: can't do what
   */
  record Task<T>(String what, Callable<T> work, CompletableFuture<T> result) {

    void run() {
      try {
        result.complete(work.call());
      } catch (Throwable e) {
        fail(e);
      }
    }

    private void fail(Throwable e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      StoreWorker.fail(result, explained(cause));
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

  /** Queues a task; the result fails at once if the queue is full or closed. */
  <T> CompletableFuture<T> add(String what, Callable<T> work) {
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(new ClosedStoreException("the store is closed"));
      }
      if (tasks.size() == MAX_TASKS) {
        return CompletableFuture.failedFuture(
            new KvStoreException(
                "can't " + what + ": " + MAX_TASKS + " tasks are already waiting"));
      }
      Task<T> task = new Task<>(what, work, new CompletableFuture<>());
      lock.notifyAll(); // first, so that a failure has changed nothing
      tasks.add(task);
      return task.result();
    }
  }

  /** Queues a task, unless one queued by this method has not begun yet. */
  CompletableFuture<Boolean> addShared(String what, Callable<Boolean> work) {
    synchronized (lock) {
      CompletableFuture<Boolean> queued = shared;
      if (queued == null) {
        queued = add(what, work);
        shared = queued.isDone() ? null : queued;
      }
      return queued;
    }
  }

  /** Wakes the thread, or makes it continue at once after its current turn. */
  void signal() {
    synchronized (lock) {
      lock.notifyAll();
      signalled = true;
    }
  }

  /** Makes the thread continue at once after its current turn; called by the thread. */
  void signalNext() {
    signalled = true;
  }

  /**
   * Waits for a task, a signal, the close, or a point in time.
   *
   * @param atNanos a time of {@link System#nanoTime()}
   * @return whether that time has come
   */
  boolean awaitUntil(long atNanos) {
    synchronized (lock) {
      long left = atNanos - System.nanoTime();
      while (tasks.isEmpty() && !closed && !signalled && left > 0) {
        StoreWorker.await(lock, left);
        left = atNanos - System.nanoTime();
      }
      return left <= 0;
    }
  }

  /** Takes the next task, or returns null if there is none; resets the signal. */
  @Nullable Task<?> take() {
    synchronized (lock) {
      Task<?> task = tasks.poll();
      if (task != null && task.result() == shared) {
        shared = null;
      }
      running = task;
      signalled = false;
      return task;
    }
  }

  /** Returns whether the thread should end its turn: a task is queued, or the store is closing. */
  boolean isWanted() {
    synchronized (lock) {
      return closed || !tasks.isEmpty();
    }
  }

  boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  /** Rejects further tasks, and wakes the thread. */
  void close() {
    synchronized (lock) {
      lock.notifyAll();
      closed = true;
    }
  }

  /** Closes the queue, and fails every unfinished task. */
  void fail(@Nullable KvStoreException failure) {
    List<Task<?>> undone;
    synchronized (lock) {
      closed = true;
      undone = new ArrayList<>(tasks);
      if (running != null) {
        undone.add(running);
      }
    }
    Throwable why = failure == null ? new ClosedStoreException("the store is closed") : failure;
    for (Task<?> task : undone) {
      task.fail(why);
    }
    synchronized (lock) {
      tasks.clear();
      shared = null;
    }
  }
}
