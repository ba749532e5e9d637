package io.kvstore.bench;

import io.kvstore.bench.jmh.CpuProfiler;
import io.kvstore.bench.jmh.StoreProfiler;
import io.kvstore.bench.rival.Rival;
import io.kvstore.bench.rival.Templates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Main class of the JMH benchmarks: takes JMH's options, and adds JVM flags that rivals need,
 * profilers, stores that are filled once for all forks, and a result table.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.args="GetBenchmark -p store=KVSTORE,LMDB"
 * java -jar kvstore-bench/target/benchmarks.jar GetBenchmark -p store=KVSTORE,LMDB
 * }</pre>
 *
 * <p>The stores' files go into the directory that the system property {@code bench.dir} names, by
 * default that for temporary files.
 */
public final class Benchmarks {
  private static final double SMALL = 100;
  private static final String CPU = "cpu";

  private Benchmarks() {}

  /** Takes JMH's options; {@code -h} lists them. */
  public static void main(String[] args)
      throws CommandLineOptionException, RunnerException, IOException {
    CommandLineOptions asked = new CommandLineOptions(args);
    if (asked.shouldHelp()
        || asked.shouldList()
        || asked.shouldListWithParams()
        || asked.shouldListProfilers()
        || asked.shouldListResultFormats()) {
      Main.main(args);
      return;
    }
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      Collection<RunResult> results = new Runner(options(asked, scratch)).run();
      System.out.println();
      System.out.print(table(results));
    }
  }

  private static Options options(CommandLineOptions asked, ScratchDirectory scratch) {
    List<String> flags = new ArrayList<>(Rival.allJvmFlags());
    flags.add("-D" + Templates.PROPERTY + "=" + scratch.path());
    flags.add("-Dbench.dir=" + ScratchDirectory.parent());
    return new OptionsBuilder()
        .parent(asked)
        .jvmArgsPrepend(flags.toArray(String[]::new))
        .addProfiler(CpuProfiler.class)
        .addProfiler(StoreProfiler.class)
        .build();
  }

  private static Table table(Collection<RunResult> results) {
    Table table = new Table("benchmark", "threads", "score", "error", "unit", "cpu ns/op", "");
    for (RunResult result : results) {
      table.row(
          name(result),
          String.valueOf(result.getParams().getThreads()),
          figure(result.getPrimaryResult().getScore()),
          figure(result.getPrimaryResult().getScoreError()),
          result.getPrimaryResult().getScoreUnit(),
          figure(secondary(result, CPU)),
          others(result));
    }
    return table;
  }

  /** Returns the name without packages, and the parameters. */
  private static String name(RunResult result) {
    String name = result.getParams().getBenchmark();
    int start = name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1;
    List<String> parts = new ArrayList<>(List.of(name.substring(start)));
    for (String key : result.getParams().getParamsKeys()) {
      parts.add(key + "=" + result.getParams().getParam(key));
    }
    return String.join(" ", parts);
  }

  private static String others(RunResult result) {
    return result.getSecondaryResults().keySet().stream()
        .filter(name -> !name.equals(CPU))
        .map(name -> name + " " + figure(secondary(result, name)))
        .collect(Collectors.joining(", "));
  }

  private static double secondary(RunResult result, String name) {
    return result.getSecondaryResults().containsKey(name)
        ? result.getSecondaryResults().get(name).getScore()
        : Double.NaN;
  }

  private static String figure(double value) {
    return Double.isNaN(value) ? "" : Table.figure(value, value < SMALL ? 2 : 0);
  }
}
