package io.kvstore.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.bench.LongForm;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Every benchmark runs, for a moment and without forks, so the figures mean nothing; in the long
 * form, with all of its parameters.
 */
class BenchmarksTest {
  private static final List<String> BENCHMARKS =
      List.of(
          "BatchBenchmark.write",
          "ByteKeyBenchmark.getByBytes",
          "ByteKeyBenchmark.getByString",
          "CodecBenchmark.writeAndRead",
          "GetBenchmark.get",
          "IterateBenchmark.iterate",
          "MixedBenchmark.getOrPut",
          "OpenBenchmark.open",
          "PutBenchmark.put",
          "SnapshotBenchmark.openAndClose",
          "SteadyPutBenchmark.put",
          "SyncPutBenchmark.bareSixtyFourThreads",
          "SyncPutBenchmark.device",
          "SyncPutBenchmark.deviceGrouped",
          "SyncPutBenchmark.oneThread",
          "SyncPutBenchmark.sixtyFourThreads");

  @Test
  void everyBenchmarkRunsAndReportsItsCpuTime() throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("\\.jmh\\..*Benchmark\\.")
        .param("entries", "1000")
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(100))
        .shouldFailOnError(true)
        .addProfiler(CpuProfiler.class)
        .addProfiler(StoreProfiler.class)
        .verbosity(VerboseMode.SILENT);
    if (!LongForm.ON) {
      options.param("store", "KVSTORE").param("size", "10").param("putPercent", "50");
    }

    Collection<RunResult> results = new Runner(options.build()).run();

    Set<String> ran = new HashSet<>();
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark();
      ran.add(name.replace("io.kvstore.bench.jmh.", ""));
      assertThat(result.getPrimaryResult().getScore()).as(name).isPositive();
      assertThat(result.getSecondaryResults()).as(name).containsKey("cpu");
      if (name.contains("SteadyPut") && result.getParams().getParam("store").equals("KVSTORE")) {
        assertThat(result.getSecondaryResults()).containsKeys("disk/live", "live/log");
      }
    }
    assertThat(ran).containsExactlyInAnyOrderElementsOf(BENCHMARKS);
  }
}
