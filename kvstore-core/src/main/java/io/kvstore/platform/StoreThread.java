package io.kvstore.platform;

import io.kvstore.KvStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * The store's own threads. All file operations happen on one of these, since an interrupt of the
 * thread in a file operation closes the file for everyone, and callers may be interrupted.
 */
public final class StoreThread {
  /** More threads than this bring nothing: memory is the limit by then. */
  private static final int MAX_PARALLEL = 16;

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

  /**
   * Runs a task likewise, on the caller's thread if there can be no other: for what has to be done,
   * even at the risk that an interrupt of the caller closes a file.
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

  /** Work that reads files. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Runs the same work on several threads, as many as there are processors but not more than there
   * are parts, and waits for all.
   */
  public static void runParallel(String name, Path directory, int parts, Work work)
      throws IOException {
    int processors = Math.min(MAX_PARALLEL, Runtime.getRuntime().availableProcessors());
    int threads = Math.max(1, Math.min(parts, processors));
    Callable<Boolean> task =
        () -> {
          work.run();
          return true;
        };
    ExecutorService pool = Executors.newFixedThreadPool(threads, part -> of(name, directory, part));
    try {
      for (Future<Boolean> done : pool.invokeAll(Collections.nCopies(threads, task))) {
        done.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KvStoreException known) {
        throw known;
      }
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      throw new IOException("a thread of the store was interrupted", e);
    } finally {
      pool.shutdownNow();
    }
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
