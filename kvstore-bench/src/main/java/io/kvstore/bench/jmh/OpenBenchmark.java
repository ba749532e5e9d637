package io.kvstore.bench.jmh;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.bench.BenchStore;
import io.kvstore.bench.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time to open a filled store, compared with a program that only reads its files.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="OpenBenchmark"
 * mvn -pl kvstore-bench jmh run -Djmh.args="OpenBenchmark -p entries=10000000"
 * }</pre>
 *
 * <p>Measured: with mode {@code store}, from the call of open to the store that it returns, which
 * knows every entry, after a clean close; with mode {@code log}, the same without an index, as
 * after a crash of a store that had never been closed; with mode {@code checksum}, {@link
 * ChecksumReader} on files filled in the same way, the least work of any program that verifies
 * every byte. The files are in memory, and both have two processors. Not measured: a disk; the
 * first opening of a process, before the compiler has seen the code, for which {@code -wi 0 -i 1 -f
 * 10} asks. The line {@code cpu} has the closing and a collection of garbage in it, so it says
 * little here.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:ActiveProcessorCount=2"})
public class OpenBenchmark {
  /** What is timed: opening the store, or only reading its files. */
  @Param({"checksum", "store", "log"})
  public String mode = "";

  /** How many entries the store has. */
  @Param("1000000")
  public int entries;

  private ScratchDirectory scratch;
  private @Nullable KvStore<String, byte[]> opened;

  /** Fills a store and closes it, once for each fork. */
  @Setup(Level.Trial)
  public void fill() {
    scratch = ScratchDirectory.create();
    try (KvStore<String, byte[]> store = openKvStore()) {
      BenchStore.fill(store::put, entries);
    }
  }

  /** Takes the directory away. */
  @TearDown(Level.Trial)
  public void delete() {
    scratch.close();
  }

  /** Takes the index away, so that the log has to be read, as after a crash. */
  @Setup(Level.Invocation)
  public void crash() throws IOException {
    if (mode.equals("log")) {
      Files.deleteIfExists(scratch.path().resolve("index"));
    }
  }

  /** One opening, or one reading of the files. */
  @Benchmark
  public Object open() throws Exception {
    switch (mode) {
      case "store", "log" -> {
        opened = openKvStore();
        return opened;
      }
      case "checksum" -> {
        return ChecksumReader.read(scratch.filesNamed(".segment"));
      }
      default ->
          throw new IllegalArgumentException("mode is " + mode + ", not checksum, store or log");
    }
  }

  /** Closes what was opened, and lets go of its mappings, before the next one. */
  @TearDown(Level.Invocation)
  public void close() {
    if (opened != null) {
      try (KvStore<String, byte[]> store = opened) {
        checkSize(store.size());
      }
      opened = null;
    }
    System.gc();
  }

  private void checkSize(long size) {
    if (size != entries) {
      throw new IllegalStateException("put " + entries + " entries, found " + size);
    }
  }

  private KvStore<String, byte[]> openKvStore() {
    return BenchStore.openKvStore(scratch.path(), Durability.INTERVAL);
  }
}
