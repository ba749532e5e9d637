package io.kvstore.bench.suite;

import io.kvstore.bench.rival.Rival;
import io.kvstore.bench.rival.Templates;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The plan of a {@link Suite} run: its rivals, questions and sizes.
 *
 * @param rounds how often each question is measured for each rival
 * @param sizes the numbers of entries for most questions
 * @param openSizes the numbers of entries of the stores that are opened
 * @param seconds how long an iteration takes
 * @param rivals the rivals measured
 * @param questions regular expression for the names of questions
 * @param heap of every JVM that holds a store, with its unit: the map needs it at 10 million
 *     entries
 * @param fillLimit time limit for filling one store
 * @param results the output directory
 */
record Plan(
    int rounds,
    List<Integer> sizes,
    List<Integer> openSizes,
    double seconds,
    List<Rival> rivals,
    Pattern questions,
    String heap,
    Duration fillLimit,
    Path results) {
  private static final int MILLION = 1_000_000;
  private static final double SECONDS = 1.5;
  private static final List<String> NAMES =
      List.of(
          "rounds",
          "sizes",
          "openSizes",
          "seconds",
          "rivals",
          "questions",
          "heap",
          "fillLimit",
          "results");

  /** The full set: all rivals and sizes; the run that is published. */
  static Plan full() {
    return new Plan(
        2,
        List.of(MILLION, 10 * MILLION),
        List.of(MILLION / 10, MILLION, 10 * MILLION),
        SECONDS,
        List.of(Rival.values()),
        Pattern.compile("(?!mixed50).*"), // its latencies are asked for instead
        "5g",
        Templates.FILL_LIMIT,
        Path.of("kvstore-bench", "results", LocalDate.now(ZoneOffset.UTC).toString()));
  }

  /** The core set: few rivals and one size; the run that confirms another. */
  static Plan core() {
    Plan full = full();
    return new Plan(
        2,
        List.of(MILLION),
        List.of(MILLION),
        SECONDS,
        List.of(Rival.KVSTORE, Rival.MAP, Rival.CHRONICLE, Rival.ROCKSDB, Rival.LMDB),
        full.questions,
        full.heap,
        full.fillLimit,
        Path.of("kvstore-bench", "results", LocalDate.now(ZoneOffset.UTC) + "-core"));
  }

  /** Reads the arguments of {@link Suite#main}. */
  static Plan of(String... args) {
    Plan plan = full();
    for (String arg : args) {
      String[] parts = arg.split("=", 2);
      plan =
          switch (parts[0]) {
            case "full" -> full();
            case "core" -> core();
            default -> plan.with(parts[0], parts.length == 2 ? parts[1] : "");
          };
    }
    return plan;
  }

  private Plan with(String name, String value) {
    return new Plan(
            name.equals("rounds") ? Integer.parseInt(value) : rounds,
            name.equals("sizes") ? numbers(value) : sizes,
            name.equals("openSizes") ? numbers(value) : openSizes,
            name.equals("seconds") ? Double.parseDouble(value) : seconds,
            name.equals("rivals") ? rivals(value) : rivals,
            name.equals("questions") ? Pattern.compile(value) : questions,
            name.equals("heap") ? value : heap,
            name.equals("fillLimit") ? Duration.ofSeconds(Long.parseLong(value)) : fillLimit,
            name.equals("results") ? Path.of(value) : results)
        .checked(name);
  }

  private Plan checked(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("no argument is called " + name + ", only " + NAMES);
    }
    return this;
  }

  private static List<Integer> numbers(String value) {
    return Arrays.stream(value.split(",")).map(Integer::valueOf).toList();
  }

  private static List<Rival> rivals(String regex) {
    Pattern pattern = Pattern.compile(regex);
    return Stream.of(Rival.values())
        .filter(rival -> pattern.matcher(rival.name()).matches())
        .toList();
  }

  /**
   * Returns the number of entries for what takes long: overwriting, and opening what was loaded.
   */
  int smallSize() {
    return sizes.stream().min(Integer::compare).orElseThrow();
  }

  /** Returns the number of entries where the pauses of collectors are seen best. */
  int largeSize() {
    return sizes.stream().max(Integer::compare).orElseThrow();
  }

  /**
   * Returns the flags that give a JVM its heap, touched beforehand so that no page faults are
   * measured.
   */
  List<String> heapFlags() {
    return List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch");
  }

  boolean asks(String question) {
    return questions.matcher(question).matches();
  }
}
