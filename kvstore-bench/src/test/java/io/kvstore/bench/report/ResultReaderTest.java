package io.kvstore.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultReaderTest {
  private static final String GOOD =
      "{\"question\":\"get\",\"subject\":\"LMDB\",\"unit\":\"ops/s\",\"samples\":[1],\"round\":1}";

  @TempDir Path folder;

  @Test
  void readsEveryLineOfEveryFileInOrder() throws IOException {
    write("b.jsonl", GOOD.replace("LMDB", "third"));
    write("a.jsonl", GOOD.replace("LMDB", "first") + "\n\n" + GOOD.replace("LMDB", "second"));
    write("other.json", "not read");

    assertThat(ResultReader.read(folder))
        .extracting(Measurement::subject)
        .containsExactly("first", "second", "third");
  }

  @Test
  void readsAllFields() throws IOException {
    write(
        "a.jsonl",
        "{\"question\":\"open\",\"subject\":\"Xodus\",\"params\":{\"entries\":1e6,"
            + "\"state\":\"clean\",\"big\":true},\"unit\":\"ms\",\"samples\":[1.5,2],\"round\":3,"
            + "\"more\":{\"ignored\":[null]}}");

    Measurement read = ResultReader.read(folder).get(0);

    assertThat(read.question()).isEqualTo("open");
    assertThat(read.params())
        .isEqualTo(Map.of("entries", "1000000", "state", "clean", "big", "true"));
    assertThat(read.unit()).isEqualTo("ms");
    assertThat(read.samples()).containsExactly(1.5, 2.0);
    assertThat(read.failed()).isNull();
    assertThat(read.round()).isEqualTo(3);
  }

  @Test
  void whoFailedNeedsNoUnitAndHasNoSamples() throws IOException {
    write(
        "a.jsonl",
        "{\"question\":\"get\",\"subject\":\"MapDB\",\"failed\":\"no such file\",\"round\":1}");

    Measurement read = ResultReader.read(folder).get(0);

    assertThat(read.failed()).isEqualTo("no such file");
    assertThat(read.samples()).isEmpty();
    assertThat(read.unit()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"LMDB\"    | 5              | no text in \"subject\"",
        "[1]         | [1             | not JSON",
        "[1]         | [1] 7          | not JSON",
        "[1]         | []             | no numbers in \"samples\"",
        "[1]         | [1,\"2\"]      | a sample that is not a number",
        "[1]         | [-1]           | a sample that is not a number",
        "\"samples\" | \"sampled\"    | either \"samples\" or \"failed\"",
        "\"unit\"    | \"units\"      | no text in \"unit\"",
        "\"unit\"    | \"params\":3,\"unit\" | \"params\" that are not an object",
        "\"unit\"    | \"params\":{\"a\":[]},\"unit\" | neither text nor number: a",
        "\"round\"   | \"rounds\"     | no number in \"round\"",
        "\"round\":1 | \"round\":1.5  | not a whole number",
        "\"round\"   | \"unit\":\"ms\",\"round\" | not JSON",
      })
  void malformedLineIsNamedByFileAndLine(String part, String instead, String what)
      throws IOException {
    write("a.jsonl", GOOD + "\n\n" + GOOD.replace(part, instead) + "\n");

    assertThatThrownBy(() -> ResultReader.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(folder.resolve("a.jsonl") + ":3: ")
        .hasMessageContaining(what)
        .hasMessageNotContaining("REDACTED");
  }

  @Test
  void questionHasOneUnit() throws IOException {
    write("a.jsonl", GOOD + "\n" + GOOD.replace("ops/s", "ms"));

    assertThatThrownBy(() -> ResultReader.read(folder))
        .hasMessageEndingWith("a.jsonl:2: \"get\" is in ms here, and in ops/s before");
  }

  @Test
  void folderWithoutResultsIsAnError() throws IOException {
    write("a.jsonl", "\n");

    assertThatThrownBy(() -> ResultReader.read(folder)).hasMessageContaining("no results");
  }

  private void write(String name, String text) throws IOException {
    Files.write(folder.resolve(name), List.of(text));
  }
}
