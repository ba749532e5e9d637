package io.kvstore.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The description of the machine of a run, as a table in the order of the file. */
final class Machine {
  private static final String FILE = "machine.json";

  private Machine() {}

  /**
   * Returns the table of it; what lies deeper is named with its way there.
   *
   * @throws IOException if there is no such file in the folder, or it is not one JSON object
   */
  static TextTable read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new IOException(file + ": missing, and figures without their machine say nothing");
    }
    List<List<String>> rows = new ArrayList<>();
    try {
      add("", Json.object(Files.readString(file)), rows);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    return new TextTable(List.of("machine", ""), rows);
  }

  private static void add(String way, Map<?, ?> object, List<List<String>> rows) {
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      String name = way + entry.getKey();
      if (entry.getValue() instanceof Map<?, ?> deeper) {
        add(name + ": ", deeper, rows);
      } else {
        rows.add(List.of(name, text(entry.getValue())));
      }
    }
  }

  private static String text(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
        : String.valueOf(value);
  }
}
