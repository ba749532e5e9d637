package io.kvstore.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A safepoint pause of the JVM: from the request until all threads may continue.
 *
 * @param what the JVM's name for it
 * @param collects whether garbage was collected in it
 */
record Pause(Span span, String what, boolean collects) {
  private static final Pattern COLLECTION = Pattern.compile("\\[gc *].* Pause .*ms$");
  private static final Pattern SAFEPOINT =
      Pattern.compile("^\\[(\\d+)ns].* Safepoint \"([^\"]+)\".* Total: +(\\d+) ns.*");

  /**
   * Returns the flag that makes a JVM write the file that {@link #read} reads. Its clock is the one
   * of {@link System#nanoTime()}.
   */
  static String logFlag(Path file) {
    return "-Xlog:gc*,safepoint:file=" + file + ":timenanos,tags:filecount=0";
  }

  /** Returns all that is in the log, in order. */
  static List<Pause> read(Path file) throws IOException {
    List<Pause> pauses = new ArrayList<>();
    boolean collects = false;
    for (String line : Files.readAllLines(file)) {
      Matcher safepoint = SAFEPOINT.matcher(line);
      if (safepoint.matches()) {
        // The line is written at the end of the pause.
        long end = Long.parseLong(safepoint.group(1));
        Span span = new Span(end - Long.parseLong(safepoint.group(3)), end);
        pauses.add(new Pause(span, safepoint.group(2), collects));
        collects = false;
      } else if (COLLECTION.matcher(line).find()) {
        collects = true;
      }
    }
    return pauses;
  }
}
