package io.kvstore.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Throughput of mixed gets and puts, nine to one and one to one, compared with a map under the same
 * load.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="MixedBenchmark"
 * mvn -pl kvstore-bench jmh run -Djmh.args="MixedBenchmark -p entries=10000000"
 * mvn -pl kvstore-bench jmh run -Djmh.args="MixedBenchmark -p keys=zipf -p putPercent=50"
 * }</pre>
 *
 * <p>Measured: what {@link GetBenchmark} and {@link PutBenchmark} measure, with the same limits, in
 * one stream of calls on two threads; each call is a put with a chance of {@code putPercent} in a
 * hundred. Not measured: how long single calls take; the figure is calls a second.
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

  /** How many calls of a hundred are puts. */
  @State(Scope.Benchmark)
  public static class Mix {
    /** One in ten, or every other. */
    @Param({"10", "50"})
    public int putPercent;
  }

  /** One call: a get or a put. */
  @Benchmark
  public byte[] getOrPut(FilledStore store, Client client, Mix mix) {
    String key = client.nextKey();
    if (client.nextIsPut(mix.putPercent)) {
      byte[] value = client.nextValue();
      store.get().put(key, value);
      return value;
    }
    return store.get().get(key);
  }
}
