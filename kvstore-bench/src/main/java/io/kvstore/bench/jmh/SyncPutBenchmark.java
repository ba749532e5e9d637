package io.kvstore.bench.jmh;

import io.kvstore.Durability;
import io.kvstore.bench.BenchStore;
import io.kvstore.bench.load.Workload;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * How many puts a second survive a power cut, and how many more when 64 threads share the syncs?
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="SyncPutBenchmark" -Dbench.dir=/a/directory/on/the/disk
 * }</pre>
 *
 * <p>Measured: puts of 100 bytes under random keys in {@link Durability#SYNC}, each waiting until
 * the disk has it, into a store that starts empty. The disk decides about the figure for one
 * thread, the store about the ratio of the two. In a directory that is kept in memory, as the one
 * for temporary files is on some systems, this measures nothing.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class SyncPutBenchmark {

  /** A store that starts empty, shared by all threads. */
  @State(Scope.Benchmark)
  public static class SyncStore {
    private BenchStore store;

    /** Opens it, once for each fork. */
    @Setup(Level.Trial)
    public void open() {
      store = BenchStore.kvstore(Durability.SYNC);
    }

    /** Takes its directory away. */
    @TearDown(Level.Trial)
    public void close() {
      store.close();
    }
  }

  /** One thread and what it puts. */
  @State(Scope.Thread)
  public static class Writer {
    private static final int KEYS = 1_000_000;

    private Workload workload;

    /** Starts over, once for each fork. */
    @Setup(Level.Trial)
    public void setUp(ThreadParams thread) {
      workload = new Workload(KEYS, thread.getThreadIndex());
    }
  }

  /** One put, nobody to share its sync with. */
  @Benchmark
  @Threads(1)
  public void oneThread(SyncStore store, Writer writer) {
    store.store.put(writer.workload.nextKey(), writer.workload.nextValue());
  }

  /** One put of 64 that are under way. */
  @Benchmark
  @Threads(64)
  public void sixtyFourThreads(SyncStore store, Writer writer) {
    store.store.put(writer.workload.nextKey(), writer.workload.nextValue());
  }
}
