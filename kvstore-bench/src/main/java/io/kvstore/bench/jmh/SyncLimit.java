package io.kvstore.bench.jmh;

import io.kvstore.bench.Samples;
import io.kvstore.bench.Table;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Checks the scaling of group commit: whether 64 threads reach half of 64 times the throughput of
 * one, or else the limit of the device, and how near they come to 64 threads that commit without a
 * store.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.main=io.kvstore.bench.jmh.SyncLimit -Djmh.args=5 -Dbench.dir=/a/directory/on/the/disk
 * }</pre>
 *
 * <p>The argument is the number of rounds, by default 5. In each, the five parts of {@link
 * SyncPutBenchmark} take turns, each in a JVM of its own, as a device has good minutes and bad
 * ones. The ratios are the medians of those of the rounds.
 */
public final class SyncLimit {
  private static final int THREADS = 64;
  private static final int WARMUP_ITERATIONS = 2;
  private static final int ITERATIONS = 2;

  private final int forks;
  private final long iterationMillis;
  private final Map<String, Samples> scores = new TreeMap<>();

  private SyncLimit(int forks, long iterationMillis) {
    this.forks = forks;
    this.iterationMillis = iterationMillis;
  }

  /** Prints the tables; for the argument see above. */
  public static void main(String[] args) throws RunnerException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    SyncLimit limit = new SyncLimit(1, 2_000);
    limit.run(rounds, System.out);
  }

  static void runForAMoment(PrintStream out) throws RunnerException {
    new SyncLimit(0, 100).run(1, out);
  }

  private void run(int rounds, PrintStream out) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\.SyncPutBenchmark\\.")
            .forks(forks)
            .warmupIterations(WARMUP_ITERATIONS)
            .warmupTime(TimeValue.milliseconds(iterationMillis))
            .measurementIterations(ITERATIONS)
            .measurementTime(TimeValue.milliseconds(iterationMillis))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    for (int round = 0; round < rounds; round++) {
      for (RunResult result : new Runner(options.build()).run()) {
        String name = result.getPrimaryResult().getLabel();
        scores
            .computeIfAbsent(name, unused -> new Samples())
            .add(result.getPrimaryResult().getScore());
      }
    }
    out.println(rates());
    out.print(ratios());
  }

  private Table rates() {
    Table table = new Table("synced records of 136 bytes a second", "median", "least", "most");
    rate(table, "store, 1 thread", "oneThread");
    rate(table, "store, 64 threads", "sixtyFourThreads");
    rate(table, "no store, 64 threads", "bareSixtyFourThreads");
    rate(table, "device, 1 a sync", "device");
    rate(table, "device, 64 a sync", "deviceGrouped");
    return table;
  }

  private void rate(Table table, String label, String name) {
    Samples samples = scores(name);
    table.row(
        label,
        Table.figure(samples.median(), 0),
        Table.figure(samples.least(), 0),
        Table.figure(samples.most(), 0));
  }

  private Table ratios() {
    double shared = ratio("sixtyFourThreads", "oneThread") / THREADS;
    double bare = ratio("sixtyFourThreads", "bareSixtyFourThreads");
    double device = ratio("sixtyFourThreads", "deviceGrouped");
    Table table = new Table("store, 64 threads, by", "ratio", "reached");
    table.row(
        "64 times 1 thread (from 0.5)", Table.figure(shared, 2), shared >= 0.5 ? "yes" : "no");
    table.row("no store, 64 threads", Table.figure(bare, 2));
    table.row("device, 64 a sync (from 1.0)", Table.figure(device, 2), device >= 1 ? "yes" : "no");
    table.row("1 thread by device, 1 a sync", Table.figure(ratio("oneThread", "device"), 2));
    return table;
  }

  private double ratio(String one, String other) {
    return scores(one).by(scores(other)).median();
  }

  private Samples scores(String name) {
    return scores.getOrDefault(name, new Samples());
  }
}
