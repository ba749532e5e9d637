package io.kvstore.platform;

import io.kvstore.KvStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Starts and joins the store's own threads. All file operations happen on one of these, since
 * interrupting a thread in a file operation closes the file for all threads, and callers may be
 * interrupted.
 */
public final class StoreThread {
  /** The maximum number of parallel threads: with more, memory bandwidth is the limit. */
  private static final int MAX_PARALLEL = 16;

  private StoreThread() {}

  static Thread of(String work, Path directory, Runnable task) {
    Thread thread = new Thread(task, "kvstore-" + work + " " + directory);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs a task on a thread of its own and returns its result; the interrupt status is restored
   * afterwards.
   */
  public static <T> T call(String work, Path directory, Callable<T> task)
      throws ExecutionException {
    FutureTask<T> result = new FutureTask<>(task);
    start(work, directory, result);
    return await(result);
  }

  /**
   * Runs a task like {@link #call}, but on the caller's thread if no thread can be started: for
   * tasks that must be done, even at the risk that an interrupt of the caller closes a file.
   */
  public static <T> T callByAllMeans(String work, Path directory, Callable<T> task)
      throws ExecutionException {
    FutureTask<T> result = new FutureTask<>(task);
    boolean interrupted = false;
    try {
      start(work, directory, result);
    } catch (OutOfMemoryError e) {
      interrupted = Thread.interrupted();
      result.run();
    }
    try {
      return await(result);
    } finally {
      restore(interrupted);
    }
  }

  /** Starts a thread of the store. */
  public static Thread start(String work, Path directory, Runnable task) {
    Thread thread = of(work, directory, task);
    thread.start();
    return thread;
  }

  /** A task that reads files. */
  @FunctionalInterface
  public interface Work {
    /** Runs the task. */
    void run() throws IOException;
  }

  /**
   * Runs the same task on several threads, as many as there are processors but not more than there
   * are parts, and waits for all.
   */
  public static void runParallel(String name, Path directory, int parts, Work work)
      throws IOException {
    int processors = Math.min(MAX_PARALLEL, Runtime.getRuntime().availableProcessors());
    int threads = Math.max(1, Math.min(parts, processors));
    Callable<Boolean> task =
        new Callable<>() {
          @Override
          public Boolean call() throws IOException {
            work.run();
            return true;
          }
        };
    List<FutureTask<Boolean>> results = new ArrayList<>();
    Thread[] all = new Thread[threads];
    try {
      for (int i = 0; i < threads; i++) {
        FutureTask<Boolean> result = new FutureTask<>(task);
        results.add(result);
        all[i] = of(name, directory, result);
        all[i].start();
      }
    } finally {
      for (Thread thread : all) {
        if (thread != null) {
          join(thread); // returns at once if it could not be started
        }
      }
    }
    for (FutureTask<Boolean> result : results) {
      requireSuccess(result);
    }
  }

  private static void requireSuccess(Future<Boolean> result) throws IOException {
    try {
      var unused = await(result);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KvStoreException known) {
        throw known;
      }
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    }
  }

  /** Waits for a result; the interrupt status is restored afterwards. */
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

  /** Waits for the end of a thread; the interrupt status is restored afterwards. */
  public static void join(Thread thread) {
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

  /** Waits up to a time limit for the end of a thread, and returns whether it still runs. */
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
