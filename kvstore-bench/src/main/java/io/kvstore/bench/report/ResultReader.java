package io.kvstore.bench.report;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the measurements of a folder: every line of every {@code *.jsonl} in it, the files in the
 * order of their names. A malformed line is an error, which names file and line.
 */
final class ResultReader {
  private final Map<String, String> units = new HashMap<>();
  private final List<Measurement> measurements = new ArrayList<>();

  private ResultReader() {}

  /**
   * Returns what is in the folder.
   *
   * @throws IOException if there is nothing, or a line is not a measurement
   */
  static List<Measurement> read(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
    ResultReader reader = new ResultReader();
    for (Path file : files) {
      reader.readFile(file);
    }
    if (reader.measurements.isEmpty()) {
      throw new IOException(folder + ": no results: no line in any *.jsonl");
    }
    return reader.measurements;
  }

  private void readFile(Path file) throws IOException {
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (!line.isBlank()) {
        try {
          measurements.add(measurement(line));
        } catch (IOException e) {
          throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private Measurement measurement(String line) throws IOException {
    Map<String, Object> object = Json.object(line);
    String question = text(object, "question");
    Object failed = object.get("failed");
    if ((failed == null) == (object.get("samples") == null)) {
      throw new IOException("has to have either \"samples\" or \"failed\"");
    }
    return new Measurement(
        question,
        text(object, "subject"),
        params(object),
        unit(question, object, failed != null),
        failed == null ? samples(object) : List.of(),
        failed == null ? null : text(object, "failed"),
        round(object));
  }

  private @Nullable String unit(String question, Map<String, Object> object, boolean failed)
      throws IOException {
    if (failed && object.get("unit") == null) {
      return null;
    }
    String unit = text(object, "unit");
    String before = units.putIfAbsent(question, unit);
    if (before != null && !before.equals(unit)) {
      throw new IOException(
          "\"" + question + "\" is in " + unit + " here, and in " + before + " before");
    }
    return unit;
  }

  private static String text(Map<String, Object> object, String field) throws IOException {
    if (object.get(field) instanceof String text && !text.isBlank()) {
      return text;
    }
    throw new IOException("has no text in \"" + field + "\"");
  }

  private static List<Double> samples(Map<String, Object> object) throws IOException {
    List<Double> samples = new ArrayList<>();
    if (object.get("samples") instanceof List<?> list) {
      for (Object sample : list) {
        if (!(sample instanceof BigDecimal number) || number.signum() < 0) {
          throw new IOException("has a sample that is not a number from 0 on: " + sample);
        }
        samples.add(number.doubleValue());
      }
    }
    if (samples.isEmpty()) {
      throw new IOException("has no numbers in \"samples\"");
    }
    return samples;
  }

  private static int round(Map<String, Object> object) throws IOException {
    try {
      if (object.get("round") instanceof BigDecimal round) {
        return round.intValueExact();
      }
    } catch (ArithmeticException e) {
      throw new IOException("has a \"round\" that is not a whole number", e);
    }
    throw new IOException("has no number in \"round\"");
  }

  private static SortedMap<String, String> params(Map<String, Object> object) throws IOException {
    SortedMap<String, String> params = new TreeMap<>();
    Object given = object.getOrDefault("params", Map.of());
    if (!(given instanceof Map<?, ?> map)) {
      throw new IOException("has \"params\" that are not an object");
    }
    for (Map.Entry<?, ?> param : map.entrySet()) {
      Object value = param.getValue();
      if (value instanceof Map || value instanceof List) {
        throw new IOException("has a param that is neither text nor number: " + param.getKey());
      }
      boolean number = value instanceof BigDecimal;
      params.put(
          String.valueOf(param.getKey()),
          number ? plain((BigDecimal) value) : String.valueOf(value));
    }
    return params;
  }

  /** One number, one text: 1e6, 1000000.0 and 1000000 are the same param. */
  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
