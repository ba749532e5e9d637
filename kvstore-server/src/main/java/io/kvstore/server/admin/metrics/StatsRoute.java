package io.kvstore.server.admin.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kvstore.StoreStats;
import io.kvstore.server.admin.port.Reply;
import io.kvstore.server.net.Latencies;
import io.kvstore.server.net.LatencyHistogram;
import io.kvstore.server.net.RecentErrors;
import io.kvstore.server.net.RecentErrors.Failure;
import io.kvstore.server.net.Traffic;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The route of the dashboard's statistics, all in one response. It contains counters since the
 * start, so that each client computes rates from two responses, at its own interval.
 */
public final class StatsRoute {
  private final ServerInfo info;
  private final Health health;
  private final RecentErrors logged;
  private volatile @Nullable ServedContext served;

  public StatsRoute(ServerInfo info, Health health, RecentErrors logged) {
    this.info = info;
    this.health = health;
    this.logged = logged;
  }

  public void serve(ServedContext opened) {
    served = opened;
  }

  public Reply stats() {
    ServedContext now = served;
    return Reply.json(
        out -> {
          out.writeNumberField("nanoTime", System.nanoTime());
          out.writeStringField("status", health.status());
          writeInfo(out);
          if (now != null) {
            StoreStats stats = now.store().stats();
            writeStore(out, stats);
            writeEndpoints(out, now.endpoints());
          }
          writeErrors(out, now == null ? List.of() : now.endpoints());
        });
  }

  private void writeInfo(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("facts");
    out.writeStringField("version", info.version());
    out.writeStringField("java", Runtime.version().toString());
    out.writeStringField("directory", info.directory());
    out.writeStringField("durability", info.durability());
    out.writeStringField("started", info.started().toString());
    out.writeStringField("now", Instant.now().toString());
    out.writeEndObject();
  }

  private static void writeStore(JsonGenerator out, StoreStats stats) throws IOException {
    out.writeObjectFieldStart("store");
    out.writeNumberField("entries", stats.entries());
    out.writeNumberField("liveBytes", stats.liveBytes());
    out.writeNumberField("staleBytes", stats.staleBytes());
    out.writeNumberField("tombstoneBytes", stats.tombstoneBytes());
    out.writeNumberField("logBytes", stats.logBytes());
    out.writeNumberField("diskBytes", stats.diskBytes());
    out.writeNumberField("segments", stats.segments());
    out.writeNumberField("sequence", stats.sequence());
    out.writeNumberField("hits", stats.operations().hits());
    out.writeNumberField("misses", stats.operations().misses());
    out.writeNumberField("puts", stats.operations().puts());
    out.writeNumberField("deletes", stats.operations().deletes());
    out.writeNumberField("syncs", stats.syncs().count());
    out.writeNumberField("compactions", stats.compaction().rounds());
    out.writeNumberField("indexHeapBytes", stats.index().heapBytes());
    out.writeNumberField("openMillis", stats.openDuration().toMillis());
    out.writeEndObject();
  }

  private static void writeEndpoints(JsonGenerator out, List<EndpointMetrics> endpoints)
      throws IOException {
    out.writeArrayFieldStart("doors");
    for (EndpointMetrics endpoint : endpoints) {
      out.writeStartObject();
      out.writeStringField("name", endpoint.name());
      out.writeNumberField("connections", endpoint.connections().size());
      out.writeArrayFieldStart("operations");
      for (int i = 0; i < endpoint.traffic().operations().size(); i++) {
        writeOperation(out, endpoint, i);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeOperation(JsonGenerator out, EndpointMetrics endpoint, int operation)
      throws IOException {
    Traffic traffic = endpoint.traffic();
    long answers = 0;
    long failures = 0;
    for (int outcome = 0; outcome < traffic.outcomes(); outcome++) {
      long count = traffic.answers(operation, outcome);
      answers += count;
      failures += outcome < endpoint.failures() ? 0 : count;
    }
    out.writeStartObject();
    out.writeStringField("name", traffic.operations().get(operation));
    out.writeNumberField("answers", answers);
    out.writeNumberField("failures", failures);
    writeLatencies(out, traffic.latencies(operation));
    out.writeEndObject();
  }

  /** Writes the buckets that are not empty: lower bound in nanoseconds, and count. */
  private static void writeLatencies(JsonGenerator out, Latencies latencies) throws IOException {
    out.writeArrayFieldStart("latencies");
    for (int bucket = 0; bucket < LatencyHistogram.BUCKETS; bucket++) {
      long count = latencies.count(bucket);
      if (count > 0) {
        out.writeStartArray();
        out.writeNumber(LatencyHistogram.shortestNanos(bucket));
        out.writeNumber(count);
        out.writeEndArray();
      }
    }
    out.writeEndArray();
  }

  private void writeErrors(JsonGenerator out, List<EndpointMetrics> endpoints) throws IOException {
    List<Failure> all = new ArrayList<>(logged.all());
    endpoints.forEach(endpoint -> all.addAll(endpoint.traffic().errors().all()));
    all.sort(Comparator.comparing(Failure::time).reversed());
    out.writeArrayFieldStart("errors");
    for (Failure failure : all.subList(0, Math.min(all.size(), RecentErrors.CAPACITY))) {
      out.writeStartObject();
      out.writeStringField("time", failure.time().toString());
      out.writeStringField("source", failure.source());
      out.writeStringField("text", failure.text());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
