package io.kvstore.bench.jmh;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.bench.BenchStore;
import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.load.Workload;
import io.kvstore.codec.Codecs;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Get throughput with byte array keys, compared with String keys.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="ByteKeyBenchmark"
 * }</pre>
 *
 * <p>Measured: what {@link GetBenchmark} measures, with its limits, once with keys of type String
 * and once with the same as byte arrays; both are built for each call, the latter from the former's
 * characters, so that the difference is what the codecs take less what that copy does.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class ByteKeyBenchmark {

  /** Two stores that hold the same. */
  @State(Scope.Benchmark)
  public static class Stores {
    /** How many entries there are. */
    @Param("1000000")
    public int entries;

    private ScratchDirectory strings;
    private ScratchDirectory bytes;
    private KvStore<String, byte[]> byString;
    private KvStore<byte[], byte[]> byBytes;

    /** Fills them, once for each fork. */
    @Setup(Level.Trial)
    public void fill() {
      strings = ScratchDirectory.create();
      bytes = ScratchDirectory.create();
      byString = BenchStore.openKvStore(strings.path(), Durability.INTERVAL);
      byBytes =
          KvStore.builder(Codecs.bytes(), Codecs.bytes())
              .directory(bytes.path())
              .durability(Durability.INTERVAL)
              .open();
      BenchStore.fill(byString::put, entries);
      BenchStore.fill((key, value) -> byBytes.put(encoded(key), value), entries);
      byString.sync();
      byBytes.sync();
      System.gc();
    }

    /** Takes their directories away. */
    @TearDown(Level.Trial)
    public void close() {
      byString.close();
      byBytes.close();
      strings.close();
      bytes.close();
    }
  }

  /** One thread and what it asks for. */
  @State(Scope.Thread)
  public static class Reader {
    private Workload workload;

    /** Starts over, once for each fork. */
    @Setup(Level.Trial)
    public void setUp(Stores stores, ThreadParams thread) {
      workload = new Workload(stores.entries, thread.getThreadIndex());
    }
  }

  private static byte[] encoded(String key) {
    return key.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** One get by a String. */
  @Benchmark
  public byte[] getByString(Stores stores, Reader reader) {
    return Objects.requireNonNull(stores.byString.get(reader.workload.nextKey()));
  }

  /** One get by bytes. */
  @Benchmark
  public byte[] getByBytes(Stores stores, Reader reader) {
    return Objects.requireNonNull(stores.byBytes.get(encoded(reader.workload.nextKey())));
  }
}
