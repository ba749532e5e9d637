package io.kvstore.bench.jmh;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * JMH profiler: adds a line {@code cpu} to each benchmark, the CPU time of the whole process for
 * each operation, in nanoseconds.
 *
 * <p>Throughput alone hides what other threads do for the caller: the garbage collector's, and the
 * store's own that prepare segments and sync. Their time is in here. What the kernel's own threads
 * do, writing files back, is not. {@code mvn -pl kvstore-bench jmh run} always turns this on.
 */
public final class CpuProfiler implements InternalProfiler {
  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private long cpuNanosBefore;

  @Override
  public String getDescription() {
    return "CPU time of the whole process for each operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    cpuNanosBefore = process.getProcessCpuTime();
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long cpuNanos = process.getProcessCpuTime() - cpuNanosBefore;
    // All operations, not the measured ones: the CPU time has warm-up and wind-down in it as well.
    long operations = Math.max(1, result.getMetadata().getAllOps());
    return List.of(
        new ScalarResult("cpu", (double) cpuNanos / operations, "ns/op", AggregationPolicy.AVG));
  }
}
