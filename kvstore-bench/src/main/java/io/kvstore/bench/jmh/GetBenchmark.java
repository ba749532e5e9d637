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
 * Throughput of random gets, compared with a map that holds the same entries.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="GetBenchmark"
 * mvn -pl kvstore-bench jmh run -Djmh.args="GetBenchmark -p entries=10000000"
 * mvn -pl kvstore-bench jmh run -Djmh.args="GetBenchmark -p store=KVSTORE,ROCKSDB,LMDB -t 8"
 * mvn -pl kvstore-bench jmh run -Djmh.args="GetBenchmark -p entries=1000"
 * mvn -pl kvstore-bench jmh run -Djmh.args="GetBenchmark -p keys=zipf"
 * mvn -pl kvstore-bench jmh run -Djmh.args="GetBenchmark -p entries=10000 -p valueBytes=16,1024,65536"
 * }</pre>
 *
 * <p>Measured: building a key of 16 bytes, finding its entry, and a copy of its value of 100 bytes,
 * on two threads, every key as likely as any other. At this size hardly anything is in the
 * processor's caches; that is the case this is about; the last three commands ask for others. Not
 * measured: keys that are built once and kept (a map gains more from them), keys that are absent,
 * and reading from a disk: the files were just written and are in memory, as long as there is room
 * for them beside the heap.
 *
 * <p>Both sides run with the same heap, touched beforehand so that neither pays for fresh pages
 * while it is measured; the map needs it at 10 million entries and the store does not, and each in
 * forks of its own.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms5g", "-Xmx5g", "-XX:+AlwaysPreTouch"})
public class GetBenchmark {

  /** One get. */
  @Benchmark
  public byte[] get(FilledStore store, Client client) {
    return store.get().get(client.nextKey());
  }
}
