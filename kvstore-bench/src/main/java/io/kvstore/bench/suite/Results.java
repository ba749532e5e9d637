package io.kvstore.bench.suite;

import io.kvstore.bench.Samples;
import io.kvstore.bench.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The result folder of a run: a file of JSON lines for each question, flushed after each line. */
final class Results {
  private static final double SMALL = 100;

  private final Path folder;
  private final Map<String, Map<String, Samples>> found = new LinkedHashMap<>();
  private final Map<String, String> units = new LinkedHashMap<>();

  private Results(Path folder) {
    this.folder = folder;
  }

  static Results in(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("can't make " + folder, e);
    }
    return new Results(folder);
  }

  Path folder() {
    return folder;
  }

  void add(Line line, List<Double> samples) {
    append(line, line.withSamples(samples));
    Samples all =
        found
            .computeIfAbsent(line.question() + " " + line.params(), unused -> new LinkedHashMap<>())
            .computeIfAbsent(line.rival().label(), unused -> new Samples());
    samples.forEach(all::add);
    units.put(line.question() + " " + line.params(), line.unit());
  }

  void addFailure(Line line, String sentence) {
    append(line, line.withFailure(sentence));
  }

  private void append(Line line, String json) {
    Path file = folder.resolve(line.question() + ".jsonl");
    try {
      Files.writeString(
          file,
          json + System.lineSeparator(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("can't write to " + file, e);
    }
  }

  /** Returns a table of the medians of all rounds, and how many times kvstore's each is. */
  Table table() {
    Table table = new Table("question", "rival", "median", "least", "most", "unit", "by kvstore's");
    found.forEach(
        (question, byRival) -> {
          double ours = byRival.getOrDefault("kvstore", new Samples()).median();
          byRival.forEach(
              (rival, samples) ->
                  table.row(
                      question,
                      rival,
                      figure(samples.median()),
                      figure(samples.least()),
                      figure(samples.most()),
                      units.getOrDefault(question, ""),
                      Table.figure(samples.median() / ours, 2)));
        });
    return table;
  }

  private static String figure(double value) {
    return Table.figure(value, value < SMALL ? 2 : 0);
  }
}
