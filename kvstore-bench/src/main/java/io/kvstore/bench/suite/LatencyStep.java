package io.kvstore.bench.suite;

import io.kvstore.bench.BenchStore;
import io.kvstore.bench.Load;
import io.kvstore.bench.load.Workload;
import io.kvstore.bench.rival.Rival;
import io.kvstore.bench.rival.StoreSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Measures latencies of gets and puts, one to one, on two threads by a schedule.
 *
 * <p>A latency counts from the time that the operation was due: one that waits behind another that
 * is slow is late itself. A thread sleeps until the next is due, so that the store's own threads
 * have the processor; waking up costs some 60 microseconds, which are in every latency.
 */
final class LatencyStep {
  private static final int THREADS = 2;
  private static final int PUT_PERCENT = 50;
  private static final int WARMUP_PARTS = 3; // one of so many
  private static final int GIVE_UP_FACTOR = 3;
  private static final double NANOS_PER_SECOND = 1e9;

  /** A run of a fraction of a second, as in tests, may be late: the machine may be busy. */
  private static final double LEAST_GIVE_UP_NANOS = 30 * NANOS_PER_SECOND;

  private static final double NANOS_PER_MICRO = 1e3;
  private static final long MAX_NANOS = 3_600_000_000_000L;
  private static final long START_NANOS = 10_000_000;
  private static final int DIGITS = 3;
  private static final Map<String, Double> PERCENTILES =
      new TreeMap<>(Map.of("p50", 50.0, "p90", 90.0, "p99", 99.0, "p99.9", 99.9, "p99.99", 99.99));

  private final BenchStore store;
  private final int entries;
  private final double intervalNanos;
  private final Histogram gets = new Histogram(MAX_NANOS, DIGITS);
  private final Histogram puts = new Histogram(MAX_NANOS, DIGITS);

  private LatencyStep(BenchStore store, int entries, int rate) {
    this.store = store;
    this.entries = entries;
    intervalNanos = THREADS * NANOS_PER_SECOND / rate;
  }

  /**
   * The arguments: the rival, the directory, the number of entries, operations a second, seconds.
   * It fills rivals that have no files. Prints lines such as "latencyGet p99.9 81.25", in
   * microseconds.
   */
  public static void main(String[] args) {
    Rival rival = Rival.valueOf(args[0]);
    int entries = Integer.parseInt(args[2]);
    double seconds = Double.parseDouble(args[4]);
    try (BenchStore store = rival.open(StoreSpec.fast(Path.of(args[1]), entries))) {
      if (!rival.isPersistent()) {
        store.load(Load.filling(entries, Workload.VALUE_BYTES));
      }
      System.gc();
      LatencyStep step = new LatencyStep(store, entries, Integer.parseInt(args[3]));
      step.run(seconds / WARMUP_PARTS);
      step.gets.reset();
      step.puts.reset();
      step.run(seconds);
      print("latencyGet", step.gets);
      print("latencyPut", step.puts);
      System.out.flush();
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      System.out.println(e);
      System.exit(1); // a rival may have left threads that never end
    }
  }

  private static void print(String question, Histogram latencies) {
    PERCENTILES.forEach(
        (name, percentile) ->
            System.out.println(
                question
                    + " "
                    + name
                    + " "
                    + latencies.getValueAtPercentile(percentile) / NANOS_PER_MICRO));
    System.out.println(question + " max " + latencies.getMaxValue() / NANOS_PER_MICRO);
  }

  private void run(double seconds) throws InterruptedException, ExecutionException {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      long start = System.nanoTime() + START_NANOS;
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int number = thread;
        running.add(executor.submit(() -> run(number, start, seconds * NANOS_PER_SECOND)));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      executor.shutdown();
    }
  }

  private void run(int thread, long start, double nanos) {
    Workload workload = new Workload(entries, thread);
    Histogram myGets = new Histogram(MAX_NANOS, DIGITS);
    Histogram myPuts = new Histogram(MAX_NANOS, DIGITS);
    double giveUpNanos = Math.max(GIVE_UP_FACTOR * nanos, LEAST_GIVE_UP_NANOS);
    for (long number = 0; number * intervalNanos < nanos; number++) {
      long due = start + (long) (number * intervalNanos);
      awaitTime(due);
      boolean isPut = workload.nextIsPut(PUT_PERCENT);
      if (isPut) {
        store.put(workload.nextKey(), workload.nextValue());
      } else {
        store.get(workload.nextKey());
      }
      long now = System.nanoTime();
      (isPut ? myPuts : myGets).recordValue(now - due);
      if (now - start > giveUpNanos) {
        throw new IllegalStateException(
            "did " + number + " operations in the time of " + (long) (giveUpNanos / intervalNanos));
      }
    }
    synchronized (this) {
      gets.add(myGets);
      puts.add(myPuts);
    }
  }

  private static void awaitTime(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
