package io.kvstore.bench.open;

import io.kvstore.bench.BenchStore;
import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.load.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** One step of {@link OpenTest}, in a JVM of its own: fills, opens or puts without end. */
final class OpenStep {
  private static final int PRACTICE_ENTRIES = 1_000;

  private final Opening opening;
  private final Path directory;
  private final int entries;

  private OpenStep(Opening opening, Path directory, int entries) {
    this.opening = opening;
    this.directory = directory;
    this.entries = entries;
  }

  /** The arguments: the step's name, the opening's, the directory, the number of entries. */
  public static void main(String[] args) throws IOException {
    OpenStep step =
        new OpenStep(Opening.valueOf(args[1]), Path.of(args[2]), Integer.parseInt(args[3]));
    switch (args[0]) {
      case "fill" -> step.fill(step.directory, step.entries);
      case "load" -> step.load();
      case "open" -> step.open();
      default -> throw new IllegalArgumentException("step is " + args[0]);
    }
  }

  private void fill(Path where, int count) {
    try (BenchStore store = opening.open(where)) {
      SplittableRandom random = new SplittableRandom(0);
      byte[] value = new byte[Workload.VALUE_BYTES];
      for (int number = 0; number < count; number++) {
        random.nextBytes(value); // all of it: some of the stores compress
        store.put(Workload.key(number), value);
      }
      store.settle();
    }
  }

  /** Puts until somebody kills this process; the first line tells that it has begun. */
  @SuppressWarnings("InfiniteLoopStatement")
  private void load() {
    try (BenchStore store = opening.open(directory)) {
      Workload workload = new Workload(entries, 1);
      System.out.println("loading");
      while (true) {
        store.put(workload.nextKey(), workload.nextValue());
      }
    }
  }

  /** Prints how many nanoseconds there are from the call of open to the first value. */
  private void open() throws IOException {
    practise();
    if (opening.scans()) {
      Files.delete(directory.resolve("index"));
    }
    readAll();
    String key = Workload.key(entries / 2);
    long start = System.nanoTime();
    try (BenchStore store = opening.open(directory)) {
      byte[] value = store.get(key);
      long nanos = System.nanoTime() - start;
      if (value.length != Workload.VALUE_BYTES) {
        throw new IllegalStateException(key + " has " + value.length + " bytes");
      }
      System.out.println(nanos);
    }
  }

  /** Loads the classes and native libraries, which nobody pays for again. */
  private void practise() {
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      fill(scratch.path(), PRACTICE_ENTRIES);
      try (BenchStore store = opening.open(scratch.path())) {
        store.get(Workload.key(0));
      }
    }
  }

  /** Brings the files into memory, if they are not there already. */
  private void readAll() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }
}
