package io.kvstore.bench.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kvstore.bench.LongForm;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTest {
  /** Each starts a dozen JVMs. */
  private static final List<String> RIVALS =
      LongForm.ON ? List.of("KVSTORE", "MVSTORE") : List.of("KVSTORE");

  @TempDir Path folder;

  /** Ever so few entries and ever so short: the figures mean nothing. */
  @Test
  void everyQuestionGetsItsLines() throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    int rivals = RIVALS.size();

    Suite.run(
        new PrintStream(output, true, UTF_8),
        "core",
        "rounds=1",
        "sizes=1000",
        "openSizes=1000",
        "seconds=0.1",
        "rivals=" + String.join("|", RIVALS),
        "heap=256m",
        "questions=get|open|latencyGet|heapPerEntry|diskPerEntry",
        "results=" + folder);

    assertThat(output.toString(UTF_8))
        .contains(2 * rivals + " stores to fill", "results are in")
        .doesNotContain("FAILED");
    assertThat(Files.readString(folder.resolve("machine.json")))
        .contains("\"processors\"", "\"subject\" : \"" + (LongForm.ON ? "MVStore" : "kvstore"));
    assertThat(lines("get"))
        .hasSize(rivals)
        .allMatch(
            line ->
                line.matches(
                    "\\{\"question\":\"get\",\"subject\":\"(kvstore|MVStore)\",\"params\":\\{.*\\},"
                        + "\"unit\":\"ops/s\",\"samples\":\\[[\\d.E]+(,[\\d.E]+){2}\\],\"round\":1\\}"));
    assertThat(lines("cpuPerOp")).hasSize(rivals);
    assertThat(lines("open")).hasSize(3 * rivals);
    assertThat(lines("latencyGet")).hasSize(6 * rivals);
    assertThat(lines("latencyPut")).hasSize(6 * rivals);
    assertThat(lines("heapPerEntry")).hasSize(rivals);
    assertThat(lines("diskPerEntry")).hasSize(2 * rivals);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.startsWith("jmh-1-get-"))
          .hasSize(rivals);
    }
  }

  @Test
  void whoCannotFillInTimeIsReportedAndTheRunGoesOn() throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();

    Suite.run(
        new PrintStream(output, true, UTF_8),
        "rounds=1",
        "sizes=1000",
        "seconds=0.1",
        "rivals=KVSTORE",
        "heap=256m",
        "fillLimit=0",
        "questions=get",
        "results=" + folder);

    assertThat(lines("get"))
        .as(output.toString(UTF_8))
        .singleElement()
        .asString()
        .contains("\"failed\":\"not filled: not done after 0 seconds\"");
  }

  @Test
  void argumentThatNobodyKnowsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Plan.of("round=1"))
        .withMessageContaining("no argument is called round");
  }

  private List<String> lines(String question) throws Exception {
    return Files.readAllLines(folder.resolve(question + ".jsonl"));
  }
}
