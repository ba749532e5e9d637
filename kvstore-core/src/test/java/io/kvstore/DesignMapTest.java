package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The classes that docs/design.md leads its reader through are there. */
class DesignMapTest {
  private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w+[a-z]\\w*)`");
  private static final int LEAST = 30;

  @Test
  void classesOfTheMapExist() throws IOException {
    String design = Files.readString(Path.of("..", "docs", "design.md"));
    int start = design.indexOf("## Where to look");
    String map = design.substring(start, design.indexOf("\n## ", start + 1));
    Set<String> named = new TreeSet<>();
    CLASS.matcher(map).results().forEach(found -> named.add(found.group(1)));
    named.remove("DesignMapTest");

    assertThat(named).hasSizeGreaterThan(LEAST);
    assertThat(sources()).containsAll(named);
  }

  private static Set<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      return files
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .collect(Collectors.toSet());
    }
  }
}
