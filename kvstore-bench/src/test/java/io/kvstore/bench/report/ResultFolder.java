package io.kvstore.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder with made-up results: some of every question, two rounds of each. */
final class ResultFolder {
  static final String FAILURE = "could not start: <no> \"access\" & more";

  private final List<String> lines = new ArrayList<>();

  private ResultFolder() {}

  /** Writes them there. */
  static void write(Path folder) throws IOException {
    ResultFolder results = new ResultFolder();
    results.addLibrary();
    results.addServer();
    results.add("iterate", "kvstore", "\"entries\":1000000", new Figure(22_000_000, "entries/s"));
    Files.write(folder.resolve("all.jsonl"), results.lines);
    Files.writeString(
        folder.resolve("machine.json"),
        "{\"commit\":\"abc1234\",\"versions\":{\"RocksDB\":\"11.8.1\"},\"flags\":[\"-Xmx5g\",1]}");
  }

  private void addLibrary() {
    double slower = 1;
    for (String subject : List.of("kvstore", "RocksDB", "A & B <new>")) {
      for (String question : List.of("get", "put", "mixed90", "mixed50")) {
        for (String entries : List.of("1000000", "10000000")) {
          add(
              question,
              subject,
              "\"threads\":2,\"entries\":" + entries,
              new Figure(3e6 / slower, "ops/s"));
        }
      }
      for (String threads : List.of("1", "64")) {
        add("durablePut", subject, "\"threads\":" + threads, new Figure(7400 / slower, "ops/s"));
      }
      for (String state : List.of("loaded", "overwritten")) {
        String params = "\"entries\":1000000,\"state\":\"" + state + "\"";
        add("heapPerEntry", subject, params, new Figure(13 * slower, "bytes"));
        add("diskPerEntry", subject, params, new Figure(130 * slower, "bytes"));
      }
      for (String entries : List.of("100000", "1000000")) {
        add(
            "open",
            subject,
            "\"state\":\"clean\",\"entries\":" + entries,
            new Figure(80 * slower, "ms"));
      }
      add(
          "open",
          subject,
          "\"state\":\"killed\",\"entries\":1000000",
          new Figure(90 * slower, "ms"));
      for (String percentile : List.of("p50", "p99.9", "max")) {
        String params = "\"percentile\":\"" + percentile + "\"";
        add("latencyGet", subject, params, new Figure(percentile.length() * slower, "us"));
        add("latencyPut", subject, params, new Figure(percentile.length() * slower, "us"));
      }
      add("cpuPerOp", subject, "\"entries\":1000000", new Figure(400 * slower, "ns"));
      slower *= 10;
    }
    for (String question : List.of("get", "open", "durablePut", "latencyGet")) {
      lines.add(
          "{\"question\":\"%s\",\"subject\":\"MapDB\",\"params\":%s,\"failed\":\"%s\",\"round\":1}"
              .formatted(question, failedParams(question), FAILURE.replace("\"", "\\\"")));
    }
  }

  private static String failedParams(String question) {
    return switch (question) {
      case "get" -> "{\"threads\":2,\"entries\":1000000}";
      case "open" -> "{\"state\":\"clean\",\"entries\":100000}";
      case "durablePut" -> "{\"threads\":1}";
      default -> "{\"percentile\":\"p50\"}";
    };
  }

  private void addServer() {
    for (String subject : List.of("kvstore HTTP", "nginx")) {
      for (int rate : new int[] {10_000, 50_000, 100_000}) {
        String params = "\"connections\":64,\"pipeline\":1,\"rate\":%d".formatted(rate);
        add("serverThroughput", subject, params, new Figure(rate * 0.99, "ops/s"));
        for (String percentile : List.of("p50", "p99", "p99.9")) {
          for (String measure : List.of("sinceDue", "sinceSent")) {
            String all =
                params
                    + ",\"kind\":\"get\",\"percentile\":\"%s\",\"measure\":\"%s\""
                        .formatted(percentile, measure);
            add("serverLatency", subject, all, new Figure(rate * percentile.length() / 1e3, "us"));
          }
        }
      }
    }
  }

  private void add(String question, String subject, String params, Figure figure) {
    for (int round = 1; round <= 2; round++) {
      double value = figure.value() * round;
      lines.add(
          "{\"question\":\"%s\",\"subject\":\"%s\",\"params\":{%s},"
                  .formatted(question, subject, params)
              + "\"unit\":\"%s\",\"samples\":[%s,%s],\"round\":%d}"
                  .formatted(figure.unit(), value, value * 1.1, round));
    }
  }

  private record Figure(double value, String unit) {}
}
