package io.kvstore.bench.jmh;

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
 * Throughput of random puts and the cost of one, compared with a map that holds the same entries.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="jmh.PutBenchmark"
 * mvn -pl kvstore-bench jmh run -Djmh.args="jmh.PutBenchmark -p entries=10000000"
 * mvn -pl kvstore-bench jmh run -Djmh.args="jmh.PutBenchmark -p store=KVSTORE,ROCKSDB,LMDB"
 * mvn -pl kvstore-bench jmh run -Djmh.args="jmh.PutBenchmark -p entries=10000 -p valueBytes=16,1024,65536"
 * }</pre>
 *
 * <p>Measured: building a key of 16 bytes and putting a value of 100 bytes under it, on two
 * threads. Every put replaces the value of a random entry, so the number of entries stays. The line
 * {@code cpu} is what a put costs the process, the work of the garbage collector and of the threads
 * of the store included; see {@link CpuProfiler}. Not measured: puts of new keys, which make index
 * and map grow, and compaction: each put adds some 136 bytes to the log, a few hundred megabytes an
 * iteration, hence the short iterations.
 *
 * <p>The store syncs every five seconds, its default, the map never: it forgets everything when the
 * process dies. Both sides run with the same heap, less than half of which the map fills at 10
 * million entries; with less room its puts cost more.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms5g", "-Xmx5g", "-XX:+AlwaysPreTouch"})
public class PutBenchmark {

  /** One put. */
  @Benchmark
  public void put(FilledStore store, Client client) {
    store.get().put(client.nextKey(), client.nextValue());
  }
}
