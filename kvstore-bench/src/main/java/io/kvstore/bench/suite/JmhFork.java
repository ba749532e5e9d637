package io.kvstore.bench.suite;

import io.kvstore.bench.jmh.CpuProfiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs one JMH benchmark in one fork.
 *
 * @param benchmark the end of its name
 * @param params of the benchmark
 * @param jvmFlags for the fork, instead of the benchmark's own
 * @param seconds an iteration takes
 */
record JmhFork(
    String benchmark, Map<String, String> params, List<String> jvmFlags, double seconds) {
  /** As long as the compilers of the JVM take much of the processors from what is measured. */
  private static final int WARMUP_ITERATIONS = 3;

  private static final int MEASURED_ITERATIONS = 3;

  /** Those that warm up, and those that count. */
  static final int ITERATIONS = WARMUP_ITERATIONS + MEASURED_ITERATIONS;

  private static final double MILLIS_PER_SECOND = 1_000;

  /**
   * Runs the benchmark; the raw output goes into a file.
   *
   * @throws IllegalStateException if it has failed or not ended in time; the message says why
   */
  RunResult run(Path raw) throws IOException {
    Path log = Files.createTempFile("kvstore-suite", ".log");
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture.delayedExecutor(Run.LIMIT.toSeconds(), TimeUnit.SECONDS)
        .execute(() -> killUnless(done));
    try {
      Collection<RunResult> results = new Runner(options(raw, log).build()).run();
      return results.iterator().next();
    } catch (RunnerException e) {
      throw new IllegalStateException(reason(log, e), e);
    } finally {
      done.set(true);
      Files.delete(log);
    }
  }

  private static void killUnless(AtomicBoolean done) {
    if (!done.get()) {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }
  }

  private ChainedOptionsBuilder options(Path raw, Path log) {
    TimeValue time = TimeValue.milliseconds((long) (seconds * MILLIS_PER_SECOND));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + benchmark.replace(".", "\\.") + "$")
            .forks(1)
            .warmupIterations(WARMUP_ITERATIONS)
            .warmupTime(time)
            .measurementIterations(MEASURED_ITERATIONS)
            .measurementTime(time)
            .jvmArgsAppend(jvmFlags.toArray(String[]::new))
            .addProfiler(CpuProfiler.class)
            .shouldFailOnError(true)
            .resultFormat(ResultFormatType.JSON)
            .result(raw.toString())
            .output(log.toString());
    params.forEach(options::param);
    return options;
  }

  /** Returns the most informative line: the first that names an exception. */
  private static String reason(Path log, RunnerException e) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .map(String::strip)
          .filter(line -> line.matches("(Caused by: )?[\\w.$]+(Exception|Error)(:.*)?"))
          .findFirst()
          .orElse("its fork failed: " + e.getMessage());
    }
  }

  /** Returns the scores of the iterations. */
  static List<Double> scores(RunResult result) {
    return iterations(result).stream()
        .map(iteration -> iteration.getPrimaryResult().getScore())
        .toList();
  }

  /** Returns a profiler's figures for the iterations. */
  static List<Double> secondary(RunResult result, String name) {
    return iterations(result).stream()
        .flatMap(iteration -> Stream.ofNullable(iteration.getSecondaryResults().get(name)))
        .map(figure -> figure.getScore())
        .toList();
  }

  private static List<IterationResult> iterations(RunResult result) {
    return result.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .toList();
  }
}
