package io.kvstore.bench.jmh;

import io.kvstore.Batch;
import io.kvstore.bench.load.Workload;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Latency of atomic batch writes.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="BatchBenchmark"
 * }</pre>
 *
 * <p>Measured: making a batch that overwrites so many random entries of 100 bytes, and writing it,
 * on two threads. Divided by the size, it compares with the puts of {@link PutBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Threads(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class BatchBenchmark {

  /** One thread and what it writes. */
  @State(Scope.Thread)
  public static class Writer {
    /** How many entries a batch has. */
    @Param({"1", "10", "100", "1000"})
    public int size;

    private Workload workload;

    /** Starts over, once for each fork. */
    @Setup(Level.Trial)
    public void setUp(OwnStore store, ThreadParams thread) {
      workload = new Workload(store.entries, thread.getThreadIndex());
    }
  }

  /** One batch. */
  @Benchmark
  public Object write(OwnStore store, Writer writer) {
    Batch<String, byte[]> batch = store.get().batch();
    for (int put = 0; put < writer.size; put++) {
      batch.put(writer.workload.nextKey(), writer.workload.nextValue().clone());
    }
    return store.get().write(batch);
  }
}
