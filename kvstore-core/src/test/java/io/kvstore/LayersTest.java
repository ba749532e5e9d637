package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks the layers of the core: each package uses only packages below it, so there is no cycle,
 * and only the parts of the API that it needs. Reads the class files with the JDK's {@code jdeps}.
 */
class LayersTest {
  /** From the lowest to the highest. */
  private static final List<String> LAYERS =
      List.of(
          "platform",
          "record",
          "segment",
          "files",
          "log",
          "compaction",
          "recovery",
          "index",
          "ownership",
          "directory",
          "stripe",
          "maintenance",
          "repair",
          "backup",
          "engine");

  /** What any layer may know of the API; every exception besides. */
  private static final Set<String> FOR_ALL = Set.of("StoreStats", "StoreListener");

  /** And what some may know, for the limits that stand there, or since it is what they make. */
  private static final Map<String, Set<String>> FOR_SOME =
      Map.of(
          "segment", Set.of("Damage", "KvStoreBuilder", "PutOptions", "ValueView"),
          "log", Set.of("Durability"),
          "compaction", Set.of("KvStore"),
          "recovery", Set.of("KvStoreBuilder", "Durability"),
          "index", Set.of("KvStore"),
          "directory", Set.of("KvStoreBuilder", "OpenProgress"),
          "stripe", Set.of("BatchResult", "KeyRange", "KvStore", "PutOptions"),
          "backup", Set.of("BackupReport"));

  /** Of these, callers' code is made of. */
  private static final Set<String> ALL_OF_THE_API = Set.of("engine", "repair");

  /** Where the API calls what it hides. */
  private static final Set<String> WAYS_IN =
      Set.of(
          "KvStoreBuilder -> engine",
          "StoreVerifier -> repair",
          "StoreRepair -> repair",
          "Codecs -> codec.kryo");

  private static final Pattern EDGE =
      Pattern.compile("\\s+io\\.kvstore\\.([\\w.$]+)\\s+-> io\\.kvstore\\.([\\w.$]+)\\s.*");

  @TempDir private static Path directory;
  private static Set<Edge> edges;

  /** A dependency of one class on another; the names omit the common prefix. */
  private record Edge(String from, String to) {
    private static String layerOf(String name) {
      int end = name.lastIndexOf('.');
      return end < 0 ? "" : name.substring(0, end);
    }

    private static String typeOf(String name) {
      return name.substring(name.lastIndexOf('.') + 1).replaceAll("\\$.*", "");
    }

    private boolean runsUpwards() {
      return LAYERS.contains(layerOf(from))
          && LAYERS.contains(layerOf(to))
          && LAYERS.indexOf(layerOf(from)) < LAYERS.indexOf(layerOf(to));
    }

    private boolean knowsTooMuchOfTheApi() {
      String layer = layerOf(from);
      String type = typeOf(to);
      return LAYERS.contains(layer)
          && layerOf(to).isEmpty()
          && !ALL_OF_THE_API.contains(layer)
          && !FOR_ALL.contains(type)
          && !type.endsWith("Exception")
          && !FOR_SOME.getOrDefault(layer, Set.of()).contains(type);
    }

    private boolean leavesTheApi() {
      boolean isFromApi = layerOf(from).isEmpty() || layerOf(from).equals("codec");
      boolean isToApi = layerOf(to).isEmpty() || layerOf(to).equals("codec");
      return isFromApi && !isToApi && !WAYS_IN.contains(typeOf(from) + " -> " + layerOf(to));
    }
  }

  @BeforeAll
  static void readClasses() throws IOException, URISyntaxException {
    Path classes =
        Path.of(KvStore.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    // Without the module's descriptor: with it, jdeps wants all modules that it names.
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("module-info.class")) {
          Path to = directory.resolve(classes.relativize(file).toString());
          Files.createDirectories(to.getParent());
          Files.copy(file, to);
        }
      }
    }
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    int code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                writer,
                writer,
                "-verbose:class",
                "-filter:none",
                "--ignore-missing-deps",
                directory.toString());
    assertThat(code).as(out.toString()).isZero();
    edges = new HashSet<>();
    out.toString()
        .lines()
        .map(EDGE::matcher)
        .filter(Matcher::matches)
        .forEach(line -> edges.add(new Edge(line.group(1), line.group(2))));
  }

  private static Set<String> all(Predicate<Edge> chosen) {
    Set<String> found = new TreeSet<>();
    edges.stream().filter(chosen).forEach(edge -> found.add(edge.from + " -> " + edge.to));
    return found;
  }

  @Test
  void everyPackageIsALayer() {
    Set<String> packages = new TreeSet<>();
    edges.forEach(edge -> packages.add(Edge.layerOf(edge.from)));

    assertThat(packages).contains("", "codec", "codec.kryo").containsAll(LAYERS);
    assertThat(packages).hasSize(LAYERS.size() + 3);
  }

  @Test
  void noCallRunsUpwards() {
    assertThat(all(Edge::runsUpwards)).isEmpty();
  }

  @Test
  void aLayerKnowsOfTheApiWhatItHasAReasonToKnow() {
    assertThat(all(Edge::knowsTooMuchOfTheApi)).isEmpty();
  }

  @Test
  void theApiEntersTheEngineInFewPlaces() {
    assertThat(all(Edge::leavesTheApi)).isEmpty();
  }
}
