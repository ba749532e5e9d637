package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the classes, files and headings named by the documents exist. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path CONTRIBUTING = ROOT.resolve("docs/contributing.md");
  private static final List<String> MODULES =
      List.of("kvstore-core", "kvstore-server", "kvstore-bench");

  /** A class in backticks, alone or with one of its members. */
  private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(\\.\\w+(\\(\\))?)?`");

  private static final Set<String> CLASSES_OF_THE_JDK =
      Set.of("IllegalArgumentException", "NullPointerException");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("#+ (.*)");
  private static final String FENCE = "```";

  @Test
  void classesNamedForContributorsExist() throws IOException {
    Set<String> named = new TreeSet<>();
    CLASS
        .matcher(Files.readString(CONTRIBUTING))
        .results()
        .forEach(found -> named.add(found.group(1)));
    named.removeAll(CLASSES_OF_THE_JDK);
    // A part of the names of others.
    named.remove("Contract");
    named.remove("Benchmark");

    assertThat(named).hasSizeGreaterThan(80);
    named.removeAll(sources());
    assertThat(named).as("classes that do not exist").isEmpty();
  }

  @Test
  void linksLeadToFilesAndHeadings() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      for (Matcher link = LINK.matcher(withoutCode(document)); link.find(); ) {
        String target = link.group(1);
        if (!target.contains("://") && !exists(document, target)) {
          broken.add(document + " -> " + target);
        }
      }
    }

    assertThat(broken).isEmpty();
  }

  private static boolean exists(Path document, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
    return Files.exists(file) && (parts.length < 2 || anchors(file).contains(parts[1]));
  }

  /** Returns the anchors that GitHub gives the headings of a document. */
  private static Set<String> anchors(Path document) throws IOException {
    Set<String> anchors = new HashSet<>();
    withoutCode(document)
        .lines()
        .map(HEADING::matcher)
        .filter(Matcher::matches)
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .forEach(text -> anchors.add(text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-')));
    return anchors;
  }

  private static String withoutCode(Path document) throws IOException {
    StringBuilder text = new StringBuilder();
    boolean inCode = false;
    for (String line : Files.readAllLines(document)) {
      boolean isFence = line.startsWith(FENCE);
      inCode ^= isFence;
      if (!inCode && !isFence) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents;
  }

  private static Set<String> sources() throws IOException {
    Set<String> names = new HashSet<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
        names.addAll(
            files
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".java"))
                .map(name -> name.replace(".java", ""))
                .collect(Collectors.toSet()));
      }
    }
    return names;
  }
}
