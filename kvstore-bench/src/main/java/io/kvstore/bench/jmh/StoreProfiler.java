package io.kvstore.bench.jmh;

import java.util.Collection;
import java.util.Map;
import javax.management.JMException;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * JMH profiler: adds a line for each store statistic at the end of an iteration, such as {@code
 * disk/live}, bytes of files for each byte of live records.
 *
 * <p>For benchmarks that leave {@link StoreFigures}; others get no line. {@code mvn -pl
 * kvstore-bench jmh run} always turns this on.
 */
public final class StoreProfiler implements InternalProfiler {

  @Override
  public String getDescription() {
    return "what the store says of itself";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {}

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    return figures().entrySet().stream().map(StoreProfiler::line).toList();
  }

  private static ScalarResult line(Map.Entry<String, Double> figure) {
    return new ScalarResult(figure.getKey(), figure.getValue(), "ratio", AggregationPolicy.AVG);
  }

  private static Map<String, Double> figures() {
    try {
      return StoreFigures.take();
    } catch (JMException e) {
      throw new IllegalStateException("can't take the store's figures", e);
    }
  }
}
