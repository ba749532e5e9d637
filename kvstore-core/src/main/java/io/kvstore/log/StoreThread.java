package io.kvstore.log;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * The store's own threads. All file operations happen on one of these, since an interrupt of the
 * thread in a file operation closes the file for everyone, and callers may be interrupted.
 */
public final class StoreThread {
  private StoreThread() {}

  static Thread of(String work, Path directory, Runnable task) {
    Thread thread = new Thread(task, "kvstore-" + work + " " + directory);
    thread.setDaemon(true);
    return thread;
  }

  /** Runs a task on a thread of its own and returns its result; an interrupt is kept for later. */
  public static <T> T call(String work, Path directory, Callable<T> task)
      throws ExecutionException {
    FutureTask<T> result = new FutureTask<>(task);
    start(work, directory, result);
    return await(result);
  }

  /** Starts a thread of the store. */
  public static Thread start(String work, Path directory, Runnable task) {
    Thread thread = of(work, directory, task);
    thread.start();
    return thread;
  }

  /** Waits for a result; an interrupt is kept for later. */
  public static <T> T await(Future<T> result) throws ExecutionException {
    boolean interrupted = false;
    try {
      for (; ; ) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      restore(interrupted);
    }
  }

  /** Waits for the end of a thread; an interrupt is kept for later. */
  static void join(Thread thread) {
    boolean interrupted = false;
    try {
      for (; ; ) {
        try {
          thread.join();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      restore(interrupted);
    }
  }

  /** Waits some time for the end of a thread, and tells whether it still runs. */
  public static boolean isAliveAfter(Thread thread, long millis) {
    boolean interrupted = false;
    long end = System.nanoTime() + millis * 1_000_000;
    try {
      for (long left = millis; left > 0 && thread.isAlive(); ) {
        try {
          thread.join(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        left = (end - System.nanoTime()) / 1_000_000;
      }
      return thread.isAlive();
    } finally {
      restore(interrupted);
    }
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
