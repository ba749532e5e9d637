package io.kvstore.bench.jmh;

import io.kvstore.bench.load.Workload;
import io.kvstore.bench.rival.Rival;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.management.JMException;
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
 * Sustained put throughput while the store compacts, compared with a map that holds the same
 * entries.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="SteadyPutBenchmark"
 * mvn -pl kvstore-bench jmh run -Djmh.args="SteadyPutBenchmark -p entries=10000000"
 * }</pre>
 *
 * <p>Measured: what {@link PutBenchmark} measures, with the same limits, but in a store whose
 * entries have each been overwritten twice on average before: about half of its log is stale by
 * then, and each iteration is long enough for compaction to run in it. The lines {@code disk/live}
 * and {@code live/log} are what that costs, and whether it kept up: they have to be alike in all
 * iterations; see {@link StoreProfiler}. The map is treated the same way.
 *
 * <p>Not measured: a disk that is slower than compaction, as the system has the memory to write
 * when it likes.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 6, time = 10)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms5g", "-Xmx5g", "-XX:+AlwaysPreTouch"})
public class SteadyPutBenchmark {
  private static final int OVERWRITES_PER_ENTRY = 2;
  private static final int FILLING_SEED = 1_000;

  /** The store that all threads share. */
  @State(Scope.Benchmark)
  public static class WornStore {
    /** Who is measured; any name of {@link Rival} will do. */
    @Param({"MAP", "KVSTORE"})
    public Rival store = Rival.KVSTORE;

    /** How many entries there are before the first call, and after the last. */
    @Param("1000000")
    public int entries;

    private Filled worn;

    /** Fills it and overwrites what is in it, once for each fork. */
    @Setup(Level.Trial)
    public void wear() {
      worn = Filled.open(store, entries, Workload.VALUE_BYTES);
      int threads = Runtime.getRuntime().availableProcessors();
      IntStream.range(0, threads).parallel().forEach(thread -> overwrite(thread, threads));
    }

    private void overwrite(int thread, int threads) {
      Workload workload = new Workload(entries, FILLING_SEED + thread);
      long puts = (long) entries * OVERWRITES_PER_ENTRY / threads;
      for (long put = 0; put < puts; put++) {
        worn.store().put(workload.nextKey(), workload.nextValue());
      }
    }

    /** Records the store's statistics for the profiler. */
    @TearDown(Level.Iteration)
    public void tell() throws JMException {
      new StoreFigures(worn.store().figures()).leave();
    }

    /** Takes its directory away. */
    @TearDown(Level.Trial)
    public void close() {
      worn.close();
    }
  }

  /** One thread and what it puts. */
  @State(Scope.Thread)
  public static class Writer {
    private Workload workload;

    /** Starts over, once for each fork. */
    @Setup(Level.Trial)
    public void setUp(WornStore store, ThreadParams thread) {
      workload = new Workload(store.entries, thread.getThreadIndex());
    }
  }

  /** One put. */
  @Benchmark
  public void put(WornStore store, Writer writer) {
    store.worn.store().put(writer.workload.nextKey(), writer.workload.nextValue());
  }
}
