package io.kvstore.server.admin.metrics;

import io.kvstore.server.net.Latencies;
import io.kvstore.server.net.LatencyHistogram;
import io.kvstore.server.net.Traffic;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The collector of metrics that are counted without Micrometer, whose timers cost more than some of
 * the requests: the requests of the endpoints, and the latencies of store events. The bounds of
 * histogram buckets are powers of two of a nanosecond and the middles between, from 16 microseconds
 * to 13 seconds; counts are exact.
 */
final class TrafficCollector implements MultiCollector {
  private static final int FIRST_POWER = 14;
  private static final int LAST_POWER = 33;
  private static final double NANOS_PER_SECOND = 1e9;

  /** The metric names of a protocol, and the labels of its outcomes. */
  private record MetricNames(
      String subject, String operation, String outcome, IntFunction<String> of) {}

  private static final MetricNames HTTP =
      new MetricNames("kvstore_http_request", "operation", "status", Integer::toString);
  private static final MetricNames RESP =
      new MetricNames("kvstore_resp_command", "kind", "outcome", o -> o == 0 ? "ok" : "error");

  private final StoreEvents events;
  private volatile List<EndpointMetrics> endpoints = List.of();

  TrafficCollector(StoreEvents events) {
    this.events = events;
  }

  void endpoints(List<EndpointMetrics> opened) {
    endpoints = List.copyOf(opened);
  }

  @Override
  public MetricSnapshots collect() {
    List<MetricSnapshot> all = new ArrayList<>();
    for (EndpointMetrics endpoint : endpoints) {
      MetricNames names = endpoint.name().equals("http") ? HTTP : RESP;
      all.add(answers(endpoint.traffic(), names));
      all.add(latencies(endpoint.traffic(), names));
    }
    all.add(times("kvstore_store_sync_duration", "Duration of a sync.", events.syncs()));
    all.add(
        times(
            "kvstore_store_compaction_duration",
            "Duration of a round of compaction.",
            events.compactions()));
    return new MetricSnapshots(all);
  }

  private static CounterSnapshot answers(Traffic traffic, MetricNames names) {
    CounterSnapshot.Builder all =
        CounterSnapshot.builder().name(names.subject() + "s").help("Requests answered.");
    for (int operation = 0; operation < traffic.operations().size(); operation++) {
      for (int outcome = 0; outcome < traffic.outcomes(); outcome++) {
        long answers = traffic.answers(operation, outcome);
        if (answers > 0) {
          Labels labels =
              Labels.of(
                  names.operation(),
                  traffic.operations().get(operation),
                  names.outcome(),
                  names.of().apply(outcome));
          all.dataPoint(
              CounterSnapshot.CounterDataPointSnapshot.builder()
                  .labels(labels)
                  .value((double) answers)
                  .build());
        }
      }
    }
    return all.build();
  }

  private static HistogramSnapshot latencies(Traffic traffic, MetricNames names) {
    HistogramSnapshot.Builder all =
        HistogramSnapshot.builder()
            .name(names.subject() + "_duration_seconds")
            .help("Time from the receipt of a request until its response was written.");
    for (int operation = 0; operation < traffic.operations().size(); operation++) {
      Labels labels = Labels.of(names.operation(), traffic.operations().get(operation));
      all.dataPoint(point(traffic.latencies(operation), labels));
    }
    return all.build();
  }

  private static HistogramSnapshot times(String name, String help, Latencies latencies) {
    return HistogramSnapshot.builder()
        .name(name + "_seconds")
        .help(help)
        .dataPoint(point(latencies, null))
        .build();
  }

  private static HistogramDataPointSnapshot point(Latencies latencies, @Nullable Labels labels) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    int bucket = 0;
    for (int half = 2 * FIRST_POWER; half <= 2 * LAST_POWER + 1; half++) {
      long power = 1L << (half / 2);
      long limit = half % 2 == 0 ? power : power + power / 2;
      long count = 0;
      while (bucket < LatencyHistogram.BUCKETS && LatencyHistogram.shortestNanos(bucket) < limit) {
        count += latencies.count(bucket++);
      }
      buckets.bucket(limit / NANOS_PER_SECOND, count);
    }
    long rest = 0;
    while (bucket < LatencyHistogram.BUCKETS) {
      rest += latencies.count(bucket++);
    }
    buckets.bucket(Double.POSITIVE_INFINITY, rest);
    return HistogramDataPointSnapshot.builder()
        .classicHistogramBuckets(buckets.build())
        .sum(latencies.nanos() / NANOS_PER_SECOND)
        .labels(labels == null ? Labels.EMPTY : labels)
        .build();
  }
}
