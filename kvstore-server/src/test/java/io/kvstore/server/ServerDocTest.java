package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvstore.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The examples of docs/server.md print what they say. Those of a chapter run one after the other
 * against a fresh server. What an example prints stands behind it, after {@code # }, or in the
 * lines below it; one with neither prints nothing. The order of lines is not compared: entries are
 * listed in none.
 */
class ServerDocTest {
  private static final Path DOC = Path.of("../docs/server.md");
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  /** The mark of a history in the id of an event, which is random. */
  private static final Pattern HISTORY = Pattern.compile("^(id: \\d+)-[0-9a-v]{8}$");

  private static final Pattern EXPECTED_BEHIND = Pattern.compile("(.*?) {2,}# (.*)");
  private static final String MARK = "# ";
  private static final char SEPARATOR = 0x1E;

  @TempDir private Path directory;

  record Example(String command, List<String> expected) {}

  /**
   * A chapter of the documentation.
   *
   * @param title of the test
   */
  record Chapter(String title, List<Example> examples) {
    @Override
    public String toString() {
      return title;
    }
  }

  static Stream<Chapter> chapters() throws IOException {
    return Stream.of(Files.readString(DOC).split("\n## "))
        .map(text -> new Chapter(text.lines().findFirst().orElse(""), examples(text)))
        .filter(chapter -> !chapter.examples().isEmpty());
  }

  private static List<Example> examples(String text) {
    List<Example> examples = new ArrayList<>();
    for (Matcher block = BLOCK.matcher(text); block.find(); ) {
      StringBuilder command = new StringBuilder();
      for (String line : block.group(1).lines().toList()) {
        if (command.isEmpty() && line.startsWith(MARK)) {
          examples.get(examples.size() - 1).expected().add(line.substring(MARK.length()));
        } else {
          command.append(line).append('\n');
          if (quotes(command) % 2 == 0) {
            examples.add(example(command.toString().strip()));
            command.setLength(0);
          }
        }
      }
    }
    return examples;
  }

  private static long quotes(CharSequence text) {
    return text.chars().filter(c -> c == '\'').count();
  }

  private static Example example(String text) {
    Matcher behind = EXPECTED_BEHIND.matcher(text);
    return behind.matches()
        ? new Example(behind.group(1), new ArrayList<>(List.of(behind.group(2))))
        : new Example(text, new ArrayList<>());
  }

  @ParameterizedTest
  @MethodSource("chapters")
  void examplesPrintWhatTheySay(Chapter chapter) throws Exception {
    assumeTrue(
        hasCurl(), "there is no curl 7.84 or later, or no bash, on the PATH: put them there");
    Map<String, String> flags =
        Map.of("port", "0", "management-port", "0", "data-dir", directory.resolve("d").toString());
    try (KvServer server = KvServer.start(ServerConfig.of(flags, Map.of()))) {
      StringBuilder script = new StringBuilder();
      for (Example example : chapter.examples()) {
        script.append(example.command()).append("\nprintf '\\036'\n");
      }
      String output = run(at(server, script.toString()));

      List<String> outputs = Arrays.asList(output.split(String.valueOf(SEPARATOR), -1));
      assertThat(outputs).hasSize(chapter.examples().size() + 1);
      for (int i = 0; i < chapter.examples().size(); i++) {
        Example example = chapter.examples().get(i);
        assertThat(lines(outputs.get(i).lines()))
            .as(example.command())
            .isEqualTo(lines(example.expected().stream()));
      }
    }
  }

  private static List<String> lines(Stream<String> lines) {
    return lines
        .filter(line -> !line.isBlank())
        .map(ServerDocTest::withoutComma)
        .map(line -> HISTORY.matcher(line).replaceAll("$1"))
        .sorted()
        .toList();
  }

  private static String withoutComma(String line) {
    return line.endsWith(",") ? line.substring(0, line.length() - 1) : line;
  }

  private static String at(KvServer server, String script) {
    return script
        .replace("localhost:3000", "127.0.0.1:" + server.address().getPort())
        .replace("localhost:3001", "127.0.0.1:" + server.managementAddress().getPort());
  }

  private static boolean hasCurl() throws Exception {
    return Stream.of("bash", "curl")
            .allMatch(
                name ->
                    Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, name))))
        && run("curl -s -o /dev/null -w '%header{x}' file:///dev/null").isBlank();
  }

  private static String run(String script) throws Exception {
    Process shell =
        new ProcessBuilder("bash", "-c", script)
            .directory(Path.of("..").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    shell.getOutputStream().close();
    String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
    shell.waitFor();
    return output;
  }
}
