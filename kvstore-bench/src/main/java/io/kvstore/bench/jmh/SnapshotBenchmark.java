package io.kvstore.bench.jmh;

import io.kvstore.Snapshot;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time to open and close a snapshot.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="SnapshotBenchmark -p entries=1000,1000000"
 * }</pre>
 *
 * <p>There are no concurrent writes. {@link io.kvstore.bench.load.StallTest} measures what an open
 * snapshot costs writers.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class SnapshotBenchmark {

  /** One snapshot, not read. */
  @Benchmark
  public Object openAndClose(OwnStore store) {
    Snapshot<String, byte[]> snapshot = store.get().snapshot();
    snapshot.close();
    return snapshot;
  }
}
