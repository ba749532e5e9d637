package io.kvstore.bench.net;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Appends results to a file, one JSON object a line: question, subject, parameters, figures. */
final class ResultLines {
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
    all.put("rate", step.pace().isMax() ? "max" : step.pace());
    all.putAll(parameters);
    for (int at = 0; at < more.length; at += 2) {
      all.put(more[at], more[at + 1]);
    }
    return all;
  }

  private String line(String question, Map<String, Object> with, String unit, double sample) {
    StringBuilder json = new StringBuilder();
    json.append("{\"question\":").append(quoted(question));
    json.append(",\"subject\":").append(quoted(subject));
    json.append(",\"params\":{");
    String separator = "";
    for (Map.Entry<String, Object> each : with.entrySet()) {
      Object value = each.getValue();
      json.append(separator).append(quoted(each.getKey())).append(':');
      json.append(value instanceof String text ? quoted(text) : value.toString());
      separator = ",";
    }
    json.append("},\"unit\":").append(quoted(unit));
    json.append(String.format(Locale.ROOT, ",\"samples\":[%.3f]", sample));
    return json.append(",\"round\":").append(round).append('}').toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
