package io.kvstore.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The threads of a test, whose failures fail the test. */
public final class Threads implements AutoCloseable {
  /** Why a test that needs them is left out. */
  public static final String NO_VIRTUAL_THREADS =
      "this JDK has no virtual threads: run by .ci/run on JDK 25, or with -Djvm=<bin/java of one>";

  private static final long LIMIT_SECONDS = 600;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<Future<?>> running = new ArrayList<>();
  private final AtomicReference<Throwable> first = new AtomicReference<>();
  private final Runnable onFailure;

  /** Threads that do not wait for each other. */
  public Threads() {
    this(() -> {});
  }

  /**
   * Threads that may wait for each other.
   *
   * @param onFailure makes the others go on, and end
   */
  public Threads(Runnable onFailure) {
    this.onFailure = onFailure;
  }

  /** Starts a thread, and returns what it will have returned. */
  public <T> Future<T> start(Callable<T> task) {
    Future<T> future =
        pool.submit(
            () -> {
              try {
                return task.call();
              } catch (Throwable e) {
                first.compareAndSet(null, e);
                onFailure.run();
                throw e;
              }
            });
    running.add(future);
    return future;
  }

  /** Starts a thread. */
  public void run(Task task) {
    start(
        () -> {
          task.run();
          return null;
        });
  }

  /** Waits for all threads started so far, and throws what was thrown first. */
  public void join() throws InterruptedException, TimeoutException {
    join(null);
  }

  /** Waits for all threads started so far but one that is to go on. */
  public void join(@Nullable Future<?> but) throws InterruptedException, TimeoutException {
    for (Future<?> future : running) {
      if (future == but) {
        continue;
      }
      try {
        future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError("a thread has failed: " + first.get(), first.get());
      }
    }
    running.removeIf(future -> future != but);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }

  /** The task of a thread. */
  @FunctionalInterface
  public interface Task {
    /** Does it. */
    void run() throws Exception;
  }
}
