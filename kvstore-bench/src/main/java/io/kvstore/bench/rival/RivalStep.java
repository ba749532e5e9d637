package io.kvstore.bench.rival;

import io.kvstore.bench.BenchStore;
import io.kvstore.bench.DiskUsage;
import io.kvstore.bench.Heap;
import io.kvstore.bench.Load;
import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.load.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A step with a rival's files in a child JVM: fill, overwrite, open, or put without end. */
public final class RivalStep {
  private static final int PRACTICE_ENTRIES = 1_000;
  private static final int OVERWRITES = 3;
  private static final int DURABLE_PUTS = 1_000;
  private static final int MAX_IDLE_SECONDS = 30;
  private static final int QUIET_SECONDS = 3;
  private static final long MILLIS_PER_SECOND = 1_000;

  private final Rival rival;
  private final StoreSpec spec;

  private RivalStep(Rival rival, StoreSpec spec) {
    this.rival = rival;
    this.spec = spec;
  }

  /**
   * The arguments: the step ("fill", "overwrite", "load", "open", "scan": an opening of kvstore
   * without its index, or "durable": a thousand durable puts, for strace to count their syncs), the
   * rival, the directory, the number of entries, the bytes of a value.
   *
   * <p>Each prints a line: fill the heap usage of the filled store in bytes, open the nanoseconds
   * from the call of open to the first value, load that it has begun. If a step fails, its last
   * line gives the reason: some rivals can't start on some JDKs.
   */
  public static void main(String[] args) {
    StoreSpec spec =
        new StoreSpec(
            Path.of(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]), false);
    try {
      new RivalStep(Rival.valueOf(args[1]), spec).run(args[0]);
      System.out.flush();
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      System.out.println(e);
      System.exit(1); // a rival may have left threads that never end
    }
  }

  private void run(String step) throws IOException, InterruptedException {
    switch (step) {
      case "fill" -> fill();
      case "overwrite" -> overwrite();
      case "load" -> load();
      case "open" -> open(false);
      case "scan" -> open(true);
      case "durable" -> putDurably();
      default -> throw new IllegalArgumentException("step is " + step);
    }
  }

  /** Returns the arguments that make {@link #main} do a step. */
  public static List<String> arguments(String step, Rival rival, StoreSpec spec) {
    return List.of(
        step,
        rival.name(),
        spec.directory().toString(),
        String.valueOf(spec.entries()),
        String.valueOf(spec.valueBytes()));
  }

  private void fill() {
    long before = Heap.bytesInUse();
    try (BenchStore store = rival.open(spec)) {
      store.load(Load.filling(spec.entries(), spec.valueBytes()));
      store.settle();
      System.out.println(Math.max(0, Heap.bytesInUse() - before));
    }
  }

  /**
   * Overwrites all entries in random order, and closes the store when its background threads are
   * idle.
   */
  private void overwrite() throws InterruptedException {
    try (BenchStore store = rival.open(spec)) {
      store.load(Load.overwriting(spec.entries(), OVERWRITES, spec.valueBytes()));
      long bytes = DiskUsage.of(spec.directory());
      int quiet = 0;
      for (int second = 0; second < MAX_IDLE_SECONDS && quiet < QUIET_SECONDS; second++) {
        Thread.sleep(MILLIS_PER_SECOND);
        long now = DiskUsage.of(spec.directory());
        quiet = now == bytes ? quiet + 1 : 0;
        bytes = now;
      }
    }
  }

  /** Puts until this process is killed; prints a line once it has begun. */
  @SuppressWarnings("InfiniteLoopStatement")
  private void load() {
    try (BenchStore store = rival.open(spec)) {
      Workload workload = new Workload(spec.entries(), 1);
      System.out.println("loading");
      while (true) {
        store.put(workload.nextKey(), workload.nextValue());
      }
    }
  }

  private void putDurably() {
    StoreSpec durable = StoreSpec.durable(spec.directory(), spec.entries());
    try (BenchStore store = rival.open(durable)) {
      Workload workload = new Workload(spec.entries(), 1);
      for (int put = 0; put < DURABLE_PUTS; put++) {
        store.put(workload.nextKey(), workload.nextValue());
      }
    }
  }

  private void open(boolean scan) throws IOException {
    practise();
    if (scan) {
      Files.delete(spec.directory().resolve("index"));
    }
    readAll();
    String key = Workload.key(spec.entries() / 2);
    long start = System.nanoTime();
    try (BenchStore store = rival.open(spec)) {
      byte[] value = store.get(key);
      long nanos = System.nanoTime() - start;
      if (value.length != spec.valueBytes()) {
        throw new IllegalStateException(key + " has " + value.length + " bytes");
      }
      System.out.println(nanos);
    }
  }

  /** Loads classes and native libraries before the measurement. */
  private void practise() {
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      StoreSpec practice =
          new StoreSpec(scratch.path(), PRACTICE_ENTRIES, spec.valueBytes(), false);
      try (BenchStore store = rival.open(practice)) {
        store.load(Load.filling(PRACTICE_ENTRIES, spec.valueBytes()));
        store.settle();
      }
      try (BenchStore store = rival.open(practice)) {
        store.get(Workload.key(0));
      }
    }
  }

  /** Reads the files into the page cache. */
  private void readAll() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(spec.directory())) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }
}
