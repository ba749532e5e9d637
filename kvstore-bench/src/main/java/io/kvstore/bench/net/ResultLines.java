package io.kvstore.bench.net;

import io.kvstore.bench.ResultLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Appends results to a file of JSON lines: question, subject, parameters, samples. */
final class ResultLines {
  private static final int DIGITS = 3;

  private final @Nullable Path file;
  private final String subject;
  private final int round;
  private final Map<String, Object> parameters = new LinkedHashMap<>();

  /** Makes one for a run; without {@code --json} it does nothing. */
  ResultLines(LoadOptions options, URI url) {
    file = options.json;
    String standard = LoadOptions.isRedis(url) ? "kvstore RESP" : "kvstore HTTP";
    subject = options.subject == null ? standard : options.subject;
    round = options.round;
    parameters.put("connections", options.connections);
    parameters.put("pipeline", options.pipeline);
    parameters.put("threads", options.threads);
    parameters.put("keys", options.keys);
    parameters.put("distribution", options.distribution.name());
    ValueSize size = options.valueSize;
    parameters.put(
        "valueBytes", size.minBytes() == size.maxBytes() ? size.minBytes() : size.toString());
    parameters.put("reads", options.reads);
  }

  /** Appends those of one rate. */
  void append(LoadStep step) throws IOException {
    if (file == null) {
      return;
    }
    List<String> lines = new ArrayList<>();
    Tally tally = step.tally();
    lines.add(line("serverThroughput", with(step), "ops/s", step.reachedPerSecond()));
    latencies(lines, step, "get", tally.gets());
    latencies(lines, step, "put", tally.puts());
    count(lines, step, "wrong", tally.wrong());
    count(lines, step, "stale", tally.stale());
    count(lines, step, "missing", tally.missing());
    count(lines, step, "failed", tally.failed());
    count(lines, step, "unsent", tally.unsent());
    Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void latencies(
      List<String> lines, LoadStep step, String kind, Tally.Latencies latencies) {
    latencies(lines, with(step, "kind", kind, "measure", "sinceDue"), latencies.sinceDue());
    latencies(lines, with(step, "kind", kind, "measure", "sinceSent"), latencies.sinceSent());
  }

  private void latencies(List<String> lines, Map<String, Object> with, Histogram nanos) {
    if (nanos.getTotalCount() == 0) {
      return;
    }
    for (Percentile percentile : Percentile.ALL) {
      with.put("percentile", percentile.name());
      lines.add(line("serverLatency", with, "us", percentile.micros(nanos)));
    }
  }

  private void count(List<String> lines, LoadStep step, String what, long times) {
    lines.add(line("serverErrors", with(step, "kind", what), "operations", (double) times));
  }

  private Map<String, Object> with(LoadStep step, String... more) {
    Map<String, Object> all = new LinkedHashMap<>();
    String rate = step.pace().toString();
    all.put("rate", step.pace().isMax() ? rate : new BigDecimal(rate));
    all.putAll(parameters);
    for (int at = 0; at < more.length; at += 2) {
      all.put(more[at], more[at + 1]);
    }
    return all;
  }

  private String line(String question, Map<String, Object> with, String unit, double sample) {
    BigDecimal rounded = BigDecimal.valueOf(sample).setScale(DIGITS, RoundingMode.HALF_UP);
    return new ResultLine(question, subject, with, unit, round).withSamples(List.of(rounded));
  }
}
