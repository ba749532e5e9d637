package io.kvstore.server.net;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The threads for requests that need more work than a {@link Turn} has: for atomic ones as a whole,
 * for others in portions, between which those of other connections run. All listeners of the
 * process share them. A connection waits for its request, so that it has at most one here, and no
 * more of them wait than there are connections.
 */
public final class LongWork {
  /** The number of threads: two, or half of the processors if that is more. */
  public static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

  private static final int IDLE_SECONDS = 10;

  private static final ThreadPoolExecutor EXECUTOR = executor();

  private LongWork() {}

  private static ThreadPoolExecutor executor() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("kvstore-work", true));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Runs a portion of a request on one of the threads, after what other connections have there. */
  public static void execute(Runnable portion) {
    EXECUTOR.execute(portion);
  }

  /**
   * Runs a task on one of the threads.
   *
   * @return completes as the future that the task returns, or with the exception that it throws
   */
  public static <T> CompletableFuture<T> submit(Supplier<CompletableFuture<T>> task) {
    return CompletableFuture.completedFuture(task)
        .thenComposeAsync(submitted -> submitted.get(), EXECUTOR);
  }
}
