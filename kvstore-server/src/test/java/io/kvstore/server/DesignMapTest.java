package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The steps of the calls through the server in docs/design.md are methods of classes that exist,
 * and so is every class that the document names.
 */
class DesignMapTest {
  private static final String SECTION = "### Calls through the server";

  /** A line that begins with two spaces, a class and a method. */
  private static final Pattern STEP = Pattern.compile("(?m)^  ([A-Z]\\w+)\\.(\\w+)(  .*)?$");

  /** A drawing, or words in backticks. */
  private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]+`");

  /** A class, if it has a second capital; other words may be prose in a drawing. */
  private static final Pattern CLASS = Pattern.compile("\\b(?:[A-Z][a-z0-9]+){2,}\\b");

  /** Classes of the JDK and of libraries that the document names. */
  private static final Set<String> FOREIGN =
      Set.of(
          "ConcurrentSkipListSet",
          "FileChannel",
          "InternalError",
          "LongAdder",
          "ReentrantLock",
          "SecureDirectoryStream",
          "SslHandler",
          "StackOverflowError");

  private static final int MIN_STEPS = 60;

  @Test
  void stepsOfTheMapExist() throws IOException {
    String design = Files.readString(Path.of("..", "docs", "design.md"));
    int start = design.indexOf(SECTION);
    String map = design.substring(start, design.indexOf("\n#", start + 1));
    List<MatchResult> steps = STEP.matcher(map).results().toList();
    Map<String, String> sources = sources();

    assertThat(steps).hasSizeGreaterThan(MIN_STEPS);
    assertThat(steps)
        .filteredOn(step -> !hasMethod(sources.getOrDefault(step.group(1), ""), step.group(2)))
        .extracting(step -> step.group(1) + "." + step.group(2))
        .as("steps whose class or method does not exist")
        .isEmpty();
  }

  @Test
  void classesOfTheDocumentExist() throws IOException {
    String design = Files.readString(Path.of("..", "docs", "design.md"));
    Set<String> named = new TreeSet<>();
    CODE.matcher(design)
        .results()
        .flatMap(code -> CLASS.matcher(code.group()).results())
        .forEach(found -> named.add(found.group()));
    named.removeAll(FOREIGN);
    named.removeAll(sources().keySet());

    assertThat(named).as("classes that do not exist").isEmpty();
  }

  private static boolean hasMethod(String source, String method) {
    return Pattern.compile("[\\w>\\]] " + method + "\\(").matcher(source).find();
  }

  /** Returns the source of each class of the core and the server, by the name of its file. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of("kvstore-core", "kvstore-server")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.merge(name, Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }
}
