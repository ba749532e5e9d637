package io.kvstore.bench.jmh;

import io.kvstore.bench.load.Workload;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How do gets and puts get on with each other, nine to one, beside a map under the same load?
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="MixedBenchmark"
 * mvn -pl kvstore-bench jmh run -Djmh.args="MixedBenchmark -p entries=10000000"
 * }</pre>
 *
 * <p>Measured: what {@link GetBenchmark} and {@link PutBenchmark} measure, with the same limits, in
 * one stream of calls on two threads; each call is a put with a chance of one in ten. Not measured:
 * how long single calls take; the figure is calls a second.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms5g", "-Xmx5g", "-XX:+AlwaysPreTouch"})
public class MixedBenchmark {

  private static final int PUT_PERCENT = 10;

  /** One call: a get, or now and then a put. */
  @Benchmark
  public byte[] getOrPut(FilledStore store, Client client) {
    Workload workload = client.workload();
    String key = workload.nextKey();
    if (workload.nextIsPut(PUT_PERCENT)) {
      byte[] value = workload.nextValue();
      store.get().put(key, value);
      return value;
    }
    return store.get().get(key);
  }
}
