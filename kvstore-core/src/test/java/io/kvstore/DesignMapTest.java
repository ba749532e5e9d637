package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks that the call paths through the core in docs/design.md name existing methods and classes.
 */
class DesignMapTest {
  private static final String SECTION = "### Calls through the core";

  /** A line that begins with two spaces, a class and a method. */
  private static final Pattern STEP = Pattern.compile("(?m)^  ([A-Z]\\w+)\\.(\\w+)(  .*)?$");

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

  private static boolean hasMethod(String source, String method) {
    return Pattern.compile("[\\w>\\]] " + method + "\\(").matcher(source).find();
  }

  /** Returns the source of each class of the module, by the name of its file. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        sources.merge(name, Files.readString(file), String::concat);
      }
    }
    return sources;
  }
}
