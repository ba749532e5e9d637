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
 * Checks that no class is initialized during operation: a class whose initialization fails for lack
 * of memory can never be used again. Classes that the JDK generates for lambdas are exempt, since
 * it generates them again.
 */
class FirstUseTest {
  private static final Pattern INITIALIZED =
      Pattern.compile("Initializing '([^']*)'(?!.*\\(no method\\))");
  private static final Pattern OURS =
      Pattern.compile(
          "(io/kvstore/|java/lang/runtime/|java/util/stream/|java/lang/invoke/MethodHandleImpl).*");

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void nothingIsInitializedInTheMiddleOfTheWork(Durability durability) throws IOException {
    List<String> arguments = List.of(directory.resolve("store").toString(), durability.name());

    String output =
        ForkedJvm.run(List.of("-Xlog:class+init=info"), FirstUseProcess.class, arguments);

    int open = output.indexOf(FirstUseProcess.OPEN);
    int used = output.indexOf(FirstUseProcess.USED);
    assertThat(open).as(output).isPositive();
    assertThat(initialized(output.substring(0, open))).isNotEmpty();
    assertThat(used).as(output).isGreaterThan(open);
    assertThat(initialized(output.substring(open, used))).isEmpty();
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
