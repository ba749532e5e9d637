package io.kvstore.bench.jmh;

import io.kvstore.Entry;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time of a full iteration over a store.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="IterateBenchmark"
 * mvn -pl kvstore-bench jmh run -Djmh.args="IterateBenchmark -p entries=10000000"
 * }</pre>
 *
 * <p>Measured: one thread goes through the iterator to its end, with keys and values copied out.
 * There are no concurrent writes, and the files are in memory.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class IterateBenchmark {

  /** From the first entry to the last. */
  @Benchmark
  public long iterate(OwnStore store) {
    long bytes = 0;
    for (Entry<String, byte[]> entry : store.get()) {
      bytes += entry.value().length;
    }
    return bytes;
  }
}
