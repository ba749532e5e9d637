package io.kvstore.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The fuzzer: runs the fuzz targets of a module one after the other, each in a JVM of its own with
 * Jazzer, and saves the inputs that increased coverage as the target's corpus. An input that found
 * a fault stays in {@code target/fuzz}, and in the log there in Base64, the encoding of a corpus.
 *
 * <p>Run in the directory of a module by the profile {@code fuzz}; docs/testing.md has the options.
 */
public final class Fuzzer {
  private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";
  private static final String INSTRUMENTED =
      "io.kvstore.**:com.esotericsoftware.kryo.serializers.**:io.netty.handler.codec.**";

  /** Netty and Kryo use what Jazzer would watch in a way that its hooks can't take. */
  private static final String HOOKED = "io.kvstore.**";

  /** They know what a regular expression wants, but allocate more than the code that they watch. */
  private static final String DISABLED_HOOKS =
      "com.code_intelligence.jazzer.sanitizers.RegexInjection"
          + ":com.code_intelligence.jazzer.sanitizers.RegexRoadblocks";

  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 600);

  /** Longer inputs take longer, and find little that the shorter ones do not. */
  private static final int MAX_INPUT_BYTES = 2048;

  private static final int HANG_SECONDS = 30;
  private static final int MAX_RESIDENT_MB = 4096;

  /** What is kept of a corpus at most, the shortest inputs first. */
  private static final int MAX_CORPUS_BYTES = 128 << 10;

  /** Where files cost no more than memory, if there is such a place. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private static final Path CLASSES = Path.of("target", "test-classes");
  private static final Path CORPORA = Path.of("src", "test", "resources", "fuzz");
  private static final Path WORK = Path.of("target", "fuzz");

  private final String target;
  private final Path work;
  private final Path found;

  private Fuzzer(String target) {
    this.target = target;
    this.work = WORK.resolve(target);
    this.found = work.resolve("found");
  }

  /** Runs the targets of which {@code fuzz.targets} has the simple names, or all. */
  public static void main(String[] args) throws Exception {
    List<String> wanted = List.of(System.getProperty("fuzz.targets", "").split(","));
    List<String> failed = new ArrayList<>();
    for (String target : targets()) {
      String simpleName = target.substring(target.lastIndexOf('.') + 1);
      if (wanted.contains("") || wanted.contains(simpleName)) {
        if (!new Fuzzer(target).run()) {
          failed.add(target);
        }
      }
    }
    if (!failed.isEmpty()) {
      System.out.println("fuzzing has failed of " + failed);
      System.exit(1);
    }
  }

  /** Returns the names of the classes that Jazzer can call. */
  private static List<String> targets() throws IOException {
    if (!Files.isDirectory(CLASSES)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(CLASSES)) {
      return files
          .map(file -> CLASSES.relativize(file).toString())
          .filter(name -> name.endsWith("Fuzz.class"))
          .map(name -> name.replace(".class", "").replace('/', '.'))
          .sorted()
          .toList();
    }
  }

  private boolean run() throws Exception {
    unpack();
    System.out.println(target + ": " + SECONDS + " s");
    String seconds = "-max_total_time=" + SECONDS;
    boolean passed = jazzer("log", List.of(seconds, "-print_final_stats=1", found.toString()));
    print("log", "== Java Exception", "Base64: ", "DONE ", "ERROR: libFuzzer");
    Path least = Files.createDirectories(work.resolve("least"));
    clear(least);
    List<String> merge = List.of("-merge=1", least.toString(), found.toString());
    if (jazzer("merge.log", merge)) {
      pack(least);
    }
    return passed;
  }

  private boolean jazzer(String log, List<String> options) throws Exception {
    Path quiet = work.resolve("logging.properties");
    Files.writeString(quiet, "handlers=\n");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.add("-Djava.util.logging.config.file=" + quiet);
    if (Files.isWritable(MEMORY)) {
      command.add("-Djava.io.tmpdir=" + MEMORY);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), JAZZER));
    command.add("--target_class=" + target);
    command.add("--instrumentation_includes=" + INSTRUMENTED);
    command.add("--custom_hook_includes=" + HOOKED);
    command.add("--disabled_hooks=" + DISABLED_HOOKS);
    command.add("--reproducer_path=" + work);
    command.add("-artifact_prefix=" + work + "/");
    command.add("-max_len=" + MAX_INPUT_BYTES);
    command.add("-timeout=" + HANG_SECONDS);
    command.add("-rss_limit_mb=" + MAX_RESIDENT_MB);
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    return builder.redirectOutput(work.resolve(log).toFile()).start().waitFor() == 0;
  }

  /** Prints some lines of a log, and where the rest is. */
  private void print(String log, String... marks) throws IOException {
    try (Stream<String> lines = Files.lines(work.resolve(log))) {
      lines.filter(line -> Stream.of(marks).anyMatch(line::contains)).forEach(System.out::println);
    }
    System.out.println("  the whole log is in " + work.resolve(log).toAbsolutePath());
  }

  // ---- the corpus

  private Path corpus() {
    return CORPORA.resolve(target + ".txt");
  }

  /** Makes files of the corpus, beside those that an earlier run has left. */
  private void unpack() throws IOException {
    Files.createDirectories(found);
    if (Files.exists(corpus())) {
      for (String line : Files.readAllLines(corpus())) {
        if (!line.startsWith("#")) {
          byte[] input = Base64.getDecoder().decode(line);
          Files.write(found.resolve("corpus-" + line.hashCode()), input);
        }
      }
    }
  }

  /** Keeps the comments of a corpus with the line behind each, and replaces the other inputs. */
  private void pack(Path from) throws IOException {
    List<String> lines = new ArrayList<>();
    if (Files.exists(corpus())) {
      List<String> before = Files.readAllLines(corpus());
      for (int i = 0; i < before.size(); i++) {
        if (before.get(i).startsWith("#") || (i > 0 && before.get(i - 1).startsWith("#"))) {
          lines.add(before.get(i));
        }
      }
    }
    int bytes = 0;
    for (String line : inputs(from)) {
      bytes += line.length();
      if (bytes <= MAX_CORPUS_BYTES && !lines.contains(line)) {
        lines.add(line);
      }
    }
    Files.createDirectories(CORPORA);
    Files.write(corpus(), lines);
    System.out.println("  " + lines.size() + " lines of inputs in " + corpus().toAbsolutePath());
  }

  private static List<String> inputs(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(Fuzzer::base64)
          .sorted(Comparator.comparingInt(String::length).thenComparing(line -> line))
          .toList();
    }
  }

  private static String base64(Path file) {
    try {
      return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void clear(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
