package io.kvstore.engine;

import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.platform.SharedSync;
import io.kvstore.platform.StoreWorker;
import io.kvstore.stripe.Decided;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits for the future of a write, or copies it for the caller. */
final class Futures {
  private Futures() {}

  /**
   * Makes the JDK load the classes that it waits with. A class that is first needed at the end of a
   * stack, and can't be loaded there, can't be loaded later either.
   */
  static void prepare() {
    try {
      new CompletableFuture<Void>().get(1, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | InterruptedException | ExecutionException e) {
      // as expected; this is a thread of the store, where an interrupt has no meaning
    }
  }

  /**
   * Waits for a write and throws what a synchronous call would have thrown. The wait is not
   * interrupted; the interrupt status stays set.
   */
  static <T> T await(CompletableFuture<T> future) {
    if (future instanceof SharedSync sync) {
      sync.await();
    }
    try {
      return future.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof ClosedStoreException closedMeanwhile) {
        throw closedMeanwhile;
      }
      throw new KvStoreException(cause == null ? e.toString() : cause.getMessage(), cause);
    }
  }

  /** Waits likewise, and throws the failure itself, an {@link Error} too. */
  static <T> T awaitFailing(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof KvStoreException known ? known : e;
    }
  }

  /** Waits until every change that a decision depends on is durable. */
  static Decided await(Decided decided) {
    await(decided.done());
    return decided;
  }

  /**
   * Returns a copy that the caller may complete, cancel or time out: the original is shared by all
   * callers whose changes the same sync covers.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // its result goes to the copy
  static <T> CompletableFuture<T> copyForCaller(CompletableFuture<T> shared) {
    CompletableFuture<T> own = new CompletableFuture<>();
    CompletableFuture<T> copied =
        shared.whenComplete(
            new BiConsumer<>() {
              @Override
              public void accept(T result, Throwable failure) {
                complete(own, result, failure);
              }
            });
    // If the completion has failed on this thread, by the end of the stack, it never comes.
    return copied.isDone() && !own.isDone() ? ended(shared) : own;
  }

  private static <T> CompletableFuture<T> ended(CompletableFuture<T> future) {
    try {
      return CompletableFuture.completedFuture(future.join());
    } catch (CompletionException e) {
      return CompletableFuture.failedFuture(e.getCause() == null ? e : e.getCause());
    }
  }

  /** Completes a future with the outcome of another, as soon as there is memory for it. */
  private static <T> void complete(
      CompletableFuture<T> future, T result, @Nullable Throwable failure) {
    for (int attempt = 1; ; attempt++) {
      try {
        if (failure == null) {
          future.complete(result);
        } else {
          Throwable cause = failure.getCause();
          boolean wrapped = failure instanceof CompletionException && cause != null;
          future.completeExceptionally(wrapped ? cause : failure);
        }
        return;
      } catch (OutOfMemoryError e) {
        StoreWorker.pause(attempt, e);
      }
    }
  }

  /** Returns such a copy, with a result that is known and has only to become durable. */
  static <T> CompletableFuture<T> copyForCaller(CompletableFuture<Void> safe, T answer) {
    return copyForCaller(
        safe.thenApply(
            new Function<>() {
              @Override
              public T apply(Void done) {
                return answer;
              }
            }));
  }
}
