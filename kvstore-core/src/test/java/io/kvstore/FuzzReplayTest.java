package io.kvstore;

import static java.lang.invoke.MethodType.methodType;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.testing.Warnings;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The replay of the fuzz corpora: runs each fuzz target on all inputs that increased coverage, and
 * on those that found a fault.
 */
class FuzzReplayTest {
  /** Returns the names of all fuzz targets, each of which has a corpus. */
  static List<String> targets() throws IOException, URISyntaxException {
    Path classes = classes();
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .map(file -> classes.relativize(file).toString())
          .filter(name -> name.endsWith("Fuzz.class"))
          .map(name -> name.replace(".class", "").replace('/', '.'))
          .toList();
    }
  }

  private static Path classes() throws URISyntaxException {
    return Path.of(FuzzReplayTest.class.getResource("/").toURI());
  }

  @ParameterizedTest
  @MethodSource("targets")
  @Timeout(value = 10, unit = TimeUnit.MINUTES) // or a parser that hangs is not found here
  void inputsKeepTheRulesOfTheirTarget(String target) throws Throwable {
    MethodHandle reader =
        MethodHandles.lookup()
            .findStatic(
                Class.forName(target), "fuzzerTestOneInput", methodType(void.class, byte[].class));
    int inputs = 0;
    Warnings quiet = Warnings.collect();
    try {
      for (String line : Files.readAllLines(classes().resolve("fuzz/" + target + ".txt"))) {
        if (!line.startsWith("#")) {
          replay(reader, line);
          inputs++;
        }
      }
    } finally {
      quiet.close();
    }
    assertThat(inputs).isPositive();
  }

  private static void replay(MethodHandle reader, String line) throws Throwable {
    try {
      reader.invokeExact(Base64.getDecoder().decode(line));
    } catch (Throwable e) {
      throw new AssertionError("input " + line, e);
    }
  }
}
