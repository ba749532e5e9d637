package io.kvstore.bench.load;

import io.kvstore.KvStore;
import io.kvstore.bench.BenchStore;
import io.kvstore.bench.ScratchDirectory;
import io.kvstore.codec.Codecs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Main class of the process that {@link StallTest} measures; prints its results. */
final class StallRun {
  private static final int THREADS = 2;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long POLL_MILLIS = 10;
  private static final long START_NANOS = 10_000_000;
  private static final int WARMUP_PART = 5;

  private final KvStore<String, byte[]> store;
  private final StoreEvents events;
  private final int entries;
  private final long nanos;
  private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

  private StallRun(KvStore<String, byte[]> store, StoreEvents events, int entries, double seconds) {
    this.store = store;
    this.events = events;
    this.entries = entries;
    nanos = (long) (seconds * NANOS_PER_SECOND);
  }

  /** The arguments: entries, seconds of each part, the JVM's log. */
  public static void main(String[] args) throws Exception {
    int entries = Integer.parseInt(args[0]);
    double seconds = Double.parseDouble(args[1]);
    StoreEvents events = new StoreEvents();
    try (ScratchDirectory scratch = ScratchDirectory.create();
        KvStore<String, byte[]> store =
            KvStore.builder(Codecs.string(), Codecs.bytes())
                .directory(scratch.path())
                .listener(events)
                .open()) {
      BenchStore.fill(store::put, entries);
      store.sync();
      System.gc();
      System.out.print(new StallRun(store, events, entries, seconds).run(Path.of(args[2])));
    }
  }

  private StallReport run(Path log) throws Exception {
    try {
      runFlatOut(); // for the compiler, and for the store's threads to find their pace
      double rate = runFlatOut();
      await(runScheduled(loads(), rate / 2, start(), nanos / WARMUP_PART));
      StallReport report = measure(rate / 2);
      report.rate(rate);
      report.pauses(Pause.read(log));
      return report;
    } finally {
      executor.shutdown();
    }
  }

  /** Returns operations a second of all threads. */
  private double runFlatOut() throws Exception {
    List<Future<Long>> running = new ArrayList<>();
    for (LoadThread load : loads()) {
      running.add(executor.submit(() -> load.runFlatOut(nanos)));
    }
    long operations = 0;
    for (Future<Long> each : running) {
      operations += each.get();
    }
    return (double) operations * NANOS_PER_SECOND / nanos;
  }

  private List<LoadThread> loads() {
    return IntStream.range(0, THREADS)
        .mapToObj(thread -> new LoadThread(store, entries, thread, THREADS))
        .toList();
  }

  /** Returns a time soon enough for the threads to be there. */
  private static long start() {
    return System.nanoTime() + START_NANOS;
  }

  private List<Future<?>> runScheduled(
      List<LoadThread> loads, double rate, long start, long loadNanos) {
    double intervalNanos = THREADS * NANOS_PER_SECOND / rate;
    List<Future<?>> running = new ArrayList<>();
    for (LoadThread load : loads) {
      running.add(
          executor.submit(
              () -> {
                load.runScheduled(start, intervalNanos, loadNanos);
                return null;
              }));
    }
    return running;
  }

  private static void await(List<Future<?>> running) throws Exception {
    for (Future<?> each : running) {
      each.get();
    }
  }

  private StallReport measure(double rate) throws Exception {
    List<LoadThread> loads = loads();
    Hiccups hiccups = Hiccups.start();
    long start = start();
    StallReport report = new StallReport(start, nanos, rate);
    List<Future<?>> running = runScheduled(loads, rate, start, nanos);
    overwriteUnderView(loads, start, report);
    await(running);
    report.event(System.nanoTime(), "the load ends");
    events.noted().forEach(noted -> report.storeEvent(noted.atNanos(), noted.what()));
    hiccups.end();
    report.hiccups(hiccups.noted());
    loads.forEach(load -> load.addTo(report.result()));
    return report;
  }

  /** Holds a view from a tenth of the time until half of the entries are overwritten. */
  private void overwriteUnderView(List<LoadThread> loads, long start, StallReport report)
      throws InterruptedException {
    while (System.nanoTime() - start < nanos / 10) {
      Thread.sleep(POLL_MILLIS);
    }
    long before = puts(loads);
    report.event(System.nanoTime(), "a view is being opened");
    FrozenView view = FrozenView.open(store);
    try (view) {
      report.event(System.nanoTime(), "it is open");
      while (puts(loads) - before < entries / 2 && System.nanoTime() - start < nanos * 9 / 10) {
        Thread.sleep(POLL_MILLIS);
      }
      long overwritten = Math.min(entries, puts(loads) - before);
      report.event(System.nanoTime(), overwritten + " of " + entries + " entries overwritten");
    }
    report.event(System.nanoTime(), "it is closed");
  }

  private static long puts(List<LoadThread> loads) {
    return loads.stream().mapToLong(LoadThread::putCount).sum();
  }
}
