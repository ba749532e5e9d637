package io.kvstore.bench.load;

import io.kvstore.KvStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * A load thread: half gets, half puts, unthrottled or by a schedule.
 *
 * <p>By a schedule, an operation's latency counts from the time it is due: one that waits for the
 * one before it is late, as it would be for its caller. The thread sleeps until the next is due,
 * and so lets the store's own threads have the processor; waking up costs some 60 microseconds,
 * which are in every latency.
 *
 * <p>Gets are uniformly random. Puts go round over all the entries in an order that jumps about, so
 * that no entry is overwritten twice before every other was once.
 */
final class LoadThread {
  static final long STALL_NANOS = 20_000_000;
  private static final long MAX_LATENCY_NANOS = 3_600_000_000_000L;
  private static final int DIGITS = 3;
  private static final long ON_TIME_NANOS = 1_000_000;
  private static final long CHECK_NANOS = 2_000_000;
  private static final int MAX_STALLS = 100_000;
  private static final long STRIDE = 2_654_435_761L; // prime, so it reaches every entry
  private static final int PUT_PERCENT = 50;

  private final KvStore<String, byte[]> store;
  private final int entries;
  private final int thread;
  private final int threads;
  private final Workload workload;
  private final Histogram gets = new Histogram(MAX_LATENCY_NANOS, DIGITS);
  private final Histogram puts = new Histogram(MAX_LATENCY_NANOS, DIGITS);
  private final Histogram getCalls = new Histogram(MAX_LATENCY_NANOS, DIGITS);
  private final Histogram putCalls = new Histogram(MAX_LATENCY_NANOS, DIGITS);
  private final List<Stall> stalls = new ArrayList<>();
  private boolean late;
  private long onTimeAt;
  private long waitBeforeNanos;
  private long longestCallNanos;
  private volatile long putCount;

  LoadThread(KvStore<String, byte[]> store, int entries, int thread, int threads) {
    this.store = store;
    this.entries = entries;
    this.thread = thread;
    this.threads = threads;
    workload = new Workload(entries, thread);
  }

  /** Returns how many operations go into a time, one right after the other. */
  long runFlatOut(long nanos) {
    long start = System.nanoTime();
    long operations = 0;
    while (System.nanoTime() - start < nanos) {
      call(workload.nextIsPut(PUT_PERCENT));
      operations++;
    }
    return operations;
  }

  /** Does an operation whenever one is due, for a time, and the late ones after it. */
  void runScheduled(long start, double intervalNanos, long nanos) throws IOException {
    try (RunDelay runDelay = RunDelay.ofThisThread()) {
      onTime(start, runDelay);
      for (long number = 0; number * intervalNanos < nanos; number++) {
        long due = start + (long) (number * intervalNanos);
        awaitTime(due);
        boolean isPut = workload.nextIsPut(PUT_PERCENT);
        long called = System.nanoTime();
        call(isPut);
        note(isPut, called, new Span(due, System.nanoTime()), runDelay);
      }
    }
  }

  private static void awaitTime(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only this thread writes it
  private void call(boolean isPut) {
    if (isPut) {
      long turn = putCount * threads + thread;
      store.put(Workload.key(turn * STRIDE % entries), workload.nextValue());
      putCount++;
    } else if (store.get(workload.nextKey()) == null) {
      throw new IllegalStateException("an entry is gone");
    }
  }

  private void note(boolean isPut, long called, Span span, RunDelay runDelay) throws IOException {
    long callNanos = span.endNanos() - called;
    (isPut ? puts : gets).recordValue(span.nanos());
    (isPut ? putCalls : getCalls).recordValue(callNanos);
    longestCallNanos = Math.max(longestCallNanos, callNanos);
    boolean wasLate = late;
    late = span.nanos() >= STALL_NANOS;
    if (late && wasLate) {
      int last = stalls.size() - 1;
      stalls.set(last, stalls.get(last).and(span.nanos()));
    } else if (late) {
      addStall(isPut, span, runDelay.nanos() - waitBeforeNanos);
    } else if (span.nanos() < ON_TIME_NANOS && span.endNanos() - onTimeAt >= CHECK_NANOS) {
      onTime(span.endNanos(), runDelay);
    }
  }

  private void onTime(long now, RunDelay runDelay) throws IOException {
    onTimeAt = now;
    waitBeforeNanos = runDelay.nanos();
    longestCallNanos = 0;
  }

  private void addStall(boolean isPut, Span span, long waitNanos) {
    if (stalls.size() == MAX_STALLS) {
      throw new IllegalStateException("more than " + MAX_STALLS + " stalls");
    }
    stalls.add(
        new Stall(
            thread,
            isPut ? "put" : "get",
            new Span(onTimeAt, span.endNanos()),
            span.nanos(),
            longestCallNanos,
            waitNanos,
            span.nanos(),
            1));
  }

  /** Returns how many puts there have been so far; for any thread. */
  long putCount() {
    return putCount;
  }

  /** Adds what this thread has found; to be called once it has ended. */
  void addTo(LoadResult result) {
    result.gets().add(gets);
    result.puts().add(puts);
    result.getCalls().add(getCalls);
    result.putCalls().add(putCalls);
    result.stalls().addAll(stalls);
  }
}
