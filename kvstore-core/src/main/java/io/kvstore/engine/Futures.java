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
import org.jspecify.annotations.Nullable;

/** How a caller gets the answer of a write: by waiting, or as a future. */
final class Futures {
  private Futures() {}

  /**
   * Has the JDK load what it waits with. A class that is first needed at the end of a stack, and
   * can't be loaded there, can't be loaded ever after.
   */
  static void prepare() {
    try {
      new CompletableFuture<Void>().get(1, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | InterruptedException | ExecutionException e) {
      // as expected; on a thread of the store, where no interrupt has a meaning
    }
  }

  /** Waits, and throws what the call would have thrown. An interrupt is kept for later. */
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

  /** Waits likewise, and throws the failure itself, whatever its kind. */
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

  /** Waits until all that a decision rests on is safe. */
  static Decided await(Decided decided) {
    await(decided.done());
    return decided;
  }

  /**
   * Returns a future that the caller may complete, cancel or time out: the one inside is shared by
   * all whose changes the same sync covers.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // all that it can tell goes to the other one
  static <T> CompletableFuture<T> callersOwn(CompletableFuture<T> shared) {
    CompletableFuture<T> own = new CompletableFuture<>();
    CompletableFuture<T> told =
        shared.whenComplete((result, failure) -> complete(own, result, failure));
    // If it has failed to tell on this thread, by the end of the stack, it never will.
    return told.isDone() && !own.isDone() ? ended(shared) : own;
  }

  private static <T> CompletableFuture<T> ended(CompletableFuture<T> future) {
    try {
      return CompletableFuture.completedFuture(future.join());
    } catch (CompletionException e) {
      return CompletableFuture.failedFuture(e.getCause() == null ? e : e.getCause());
    }
  }

  /** Completes a future as another has been, as soon as there is memory for it. */
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

  /** Returns such a future, of an answer that is known and has only to become safe. */
  static <T> CompletableFuture<T> callersOwn(CompletableFuture<Void> safe, T answer) {
    return callersOwn(safe.thenApply(done -> answer));
  }
}
