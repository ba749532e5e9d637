package io.kvstore.faults.script;

import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.faults.CaseRun;
import io.kvstore.faults.FaultPoints;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a store, and the exceptions that they may throw. A call may fail only after a step
 * has thrown: once with its error, or with the exception into which a codec wraps it; and a write
 * with the store's exception. Reads go on.
 */
final class Calls {
  private final CaseRun run;
  private final Supplier<@Nullable Error> thrown;
  private volatile boolean canFill;

  /** Whether the error has reached a caller. */
  private final AtomicBoolean surfaced = new AtomicBoolean();

  /** A call that may throw. */
  @FunctionalInterface
  interface Call {
    void run() throws Exception;
  }

  private Calls(CaseRun run, Supplier<@Nullable Error> thrown) {
    this.run = run;
    this.thrown = thrown;
  }

  /** Of a store in which a step may throw. */
  static Calls failing(CaseRun run) {
    return new Calls(run, run::thrown);
  }

  /** Of a store in which nothing may fail. */
  static Calls sound(CaseRun run) {
    return new Calls(run, () -> null);
  }

  /** Lets the store be full at times. */
  void mayFill() {
    canFill = true;
  }

  boolean isDurable() {
    return run.mode().isDurable();
  }

  /** Says what is about to be called, or waited for. */
  void doing(String what) {
    run.step(what);
  }

  /** Calls what reads, and returns whether it has done so. */
  boolean read(String what, Call call) {
    return attempt(what, true, call);
  }

  /** Calls what writes, or does not belong to reading, and returns whether it has succeeded. */
  boolean attempt(String what, Call call) {
    return attempt(what, false, call);
  }

  private boolean attempt(String what, boolean reads, Call call) {
    run.step(what);
    try {
      call.run();
      return true;
    } catch (AssertionError e) {
      throw e;
    } catch (Throwable e) {
      FaultPoints.relent();
      requireAllowed(what, reads, e);
      return false;
    }
  }

  /** Tells whether it is the error, or what a codec or the store has made of it. */
  private static boolean isAnswer(Throwable e, @Nullable Error error) {
    if (error == null || e == error) {
      return error != null;
    }
    boolean known = e instanceof KvStoreException || e instanceof IllegalArgumentException;
    Throwable cause = e.getCause();
    while (known && cause != null && cause != error) {
      cause = cause.getCause();
    }
    return known && cause == error;
  }

  private void requireAllowed(String what, boolean reads, Throwable e) {
    Error error = thrown.get();
    boolean allowed;
    if (isAnswer(e, error) && surfaced.compareAndSet(false, true)) {
      allowed = true;
    } else if (FaultPoints.isLater(e)) {
      allowed = true;
    } else if (e instanceof StoreFullException) {
      allowed = canFill || (error != null && !reads);
    } else {
      allowed = e instanceof KvStoreException && error != null && !reads;
    }
    if (!allowed) {
      throw new AssertionError(what + " threw " + e, e);
    }
  }

  /** Waits for a future, which completes in any case. */
  boolean await(String what, CompletableFuture<?> future) {
    run.step(what);
    try {
      future.join();
      return true;
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      Error error = thrown.get();
      boolean allowed =
          cause == error || cause instanceof KvStoreException || FaultPoints.isLater(cause);
      if (error == null || !allowed) {
        throw new AssertionError(what + " failed with " + cause, cause);
      }
      return false;
    }
  }

  /** Runs something on another thread, and waits for it. */
  static void onThread(String name, Call task) throws Exception {
    FutureTask<Void> result =
        new FutureTask<>(
            () -> {
              task.run();
              return null;
            });
    Thread thread = new Thread(result, name);
    thread.setDaemon(true);
    thread.start();
    get(result);
  }

  /** Runs something on several callers' threads at once, and waits for all. */
  static void inParallel(int threads, IntConsumer task) throws Exception {
    List<FutureTask<Void>> results = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      FutureTask<Void> result = new FutureTask<>(() -> task.accept(number), null);
      Thread thread = new Thread(result, FaultPoints.CALLER + " " + i);
      thread.setDaemon(true);
      thread.start();
      results.add(result);
    }
    for (FutureTask<Void> result : results) {
      get(result);
    }
  }

  private static void get(FutureTask<Void> result) throws InterruptedException {
    try {
      result.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    }
  }
}
