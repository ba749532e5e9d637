package io.kvstore.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Checks that nothing is done in the middle of the work that fails for good if memory is short: no
 * class is initialized, and no lambda, method reference or method of a record is linked. A class
 * whose initializer throws can never be used again, and a call site whose linkage fails may throw
 * the same error for ever.
 */
class FirstUseTest {
  private static final Pattern INITIALIZED =
      Pattern.compile("Initializing '([^']*)'(?!.*\\(no method\\))");
  private static final Pattern OURS =
      Pattern.compile(
          "(io/kvstore/|java/lang/runtime/|java/util/stream/|java/lang/invoke/MethodHandleImpl"
              + "|java/util/DualPivotQuicksort).*");

  /** What the JVM prints before it links a call site: the class, or in later JVMs the method. */
  private static final Pattern LINKED = Pattern.compile("(?m)^linkCallSite ([\\w.$/]+\\.[\\w$]+)");

  /** The process itself, and what JDK 17 links when it maps its first file. */
  private static final Pattern NOT_OURS =
      Pattern.compile(
          ".*FirstUseProcess.*|jdk\\.internal\\.misc\\.ExtendedMapMode|java\\.lang\\.invoke\\..*");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void nothingIsInitializedOrLinkedInTheMiddleOfTheWork(Durability durability) throws IOException {
    List<String> arguments = List.of(directory.resolve("store").toString(), durability.name());

    String output =
        ForkedJvm.run(
            List.of(
                "-Xlog:class+init=info",
                "-Djava.lang.invoke.MethodHandle.TRACE_METHOD_LINKAGE=true"),
            FirstUseProcess.class,
            arguments);

    int open = output.indexOf(FirstUseProcess.OPEN);
    int used = output.indexOf(FirstUseProcess.USED);
    assertThat(open).as(output).isPositive();
    assertThat(initialized(output.substring(0, open))).isNotEmpty();
    assertThat(used).as(output).isGreaterThan(open);
    assertThat(initialized(output.substring(open, used))).isEmpty();
    assertThat(LINKED.matcher(output).results()).as("traces of linkage").isNotEmpty();
    assertThat(linked(output.substring(open, used))).isEmpty();
  }

  private static List<String> linked(String output) {
    return LINKED
        .matcher(output)
        .results()
        .map(match -> match.group(1))
        .filter(name -> !NOT_OURS.matcher(name).matches())
        .toList();
  }

  private static List<String> initialized(String output) {
    return INITIALIZED
        .matcher(output)
        .results()
        .map(match -> match.group(1))
        .filter(name -> OURS.matcher(name).matches())
        .toList();
  }
}
