package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The layers of the server's packages, checked on the compiled classes by the JDK's jdeps. */
class PackagesTest {
  private static final String SERVER = "io.kvstore.server";

  /** The package of the program itself. */
  private static final String PROGRAM = "";

  /**
   * The packages from the bottom to the top. Each may use those of lower layers, and no other of
   * its own layer; so there is no cycle.
   */
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("json", "net", "reload"),
          Set.of("accesslog", "auth", "cli", "http.message", "resp.protocol"),
          Set.of("config", "http.response", "resp.session", "admin.port"),
          Set.of("tls", "http.entry", "resp.command", "admin.metrics"),
          Set.of("http.store"),
          Set.of("http", "resp", "admin"),
          Set.of(PROGRAM));

  /** The protocols, which know nothing of each other but how HTTP is parsed. */
  private static final Set<String> PROTOCOLS = Set.of("http", "resp", "admin");

  private static final String SHARED = "http.message";
  private static final int MAX_CLASSES = 25;

  /** A line of jdeps: a class, and one that it uses. */
  private static final Pattern LINE =
      Pattern.compile(" *(io\\.kvstore\\.server\\S+) +-> (io\\.kvstore\\.server\\S+) .*");

  private record Use(String user, String used) {
    String from() {
      return packageOf(user);
    }

    String to() {
      return packageOf(used);
    }
  }

  private static List<Use> uses = List.of();

  @BeforeAll
  static void analyze() throws Exception {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    // The folder below, since jdeps would resolve the modules of a folder with a descriptor.
    int status =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                printer,
                printer,
                "-verbose:class",
                "-filter:none",
                classes.resolve("io").toString());
    assertThat(status).as(out.toString()).isZero();
    uses =
        out.toString()
            .lines()
            .map(LINE::matcher)
            .filter(Matcher::matches)
            .map(line -> new Use(line.group(1), line.group(2)))
            .toList();
    assertThat(uses).hasSizeGreaterThan(500);
  }

  @Test
  void packageIsInOneLayer() {
    Set<String> packages = new TreeSet<>();
    uses.forEach(use -> packages.addAll(List.of(use.from(), use.to())));

    assertThat(LAYERS.stream().flatMap(Set::stream)).containsExactlyInAnyOrderElementsOf(packages);
  }

  @Test
  void packageUsesLowerLayersOnly() {
    assertThat(uses)
        .filteredOn(use -> !use.from().equals(use.to()) && layer(use.to()) >= layer(use.from()))
        .as("uses of a package that is not in a lower layer")
        .isEmpty();
  }

  @Test
  void protocolKnowsNoOtherProtocol() {
    assertThat(uses)
        .filteredOn(use -> PROTOCOLS.contains(top(use.from())) && PROTOCOLS.contains(top(use.to())))
        .filteredOn(use -> !top(use.from()).equals(top(use.to())) && !use.to().equals(SHARED))
        .as("uses of another protocol")
        .isEmpty();
  }

  @Test
  void packageIsReadAtOneSitting() {
    Map<String, Set<String>> classes = new TreeMap<>();
    for (Use use : uses) {
      String outer = use.user().replaceFirst("\\$.*", "");
      classes.computeIfAbsent(use.from(), name -> new TreeSet<>()).add(outer);
    }

    assertThat(classes)
        .allSatisfy((name, all) -> assertThat(all.size()).isLessThanOrEqualTo(MAX_CLASSES));
  }

  private static String packageOf(String name) {
    String parent = name.substring(0, name.lastIndexOf('.'));
    return parent.equals(SERVER) ? PROGRAM : parent.substring(SERVER.length() + 1);
  }

  private static String top(String name) {
    return name.replaceFirst("\\..*", "");
  }

  private static int layer(String name) {
    for (int i = 0; i < LAYERS.size(); i++) {
      if (LAYERS.get(i).contains(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("add the package " + name + " to the layers of this test");
  }
}
