package io.kvstore.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.PutOptions;
import io.kvstore.server.testing.LongForm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exported lines: reading restores the bytes that were written, and accepts nothing else. */
class EntryLinesTest {

  @Test
  void anyBytesComeBack() throws Exception {
    long seed = LongForm.seed("kvstore.test.seed");
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      EntryLine entry = new EntryLine(bytes(random), bytes(random), PutOptions.NONE);

      EntryLine read = EntryReader.read(written(entry));

      assertThat(read.key()).as("seed %s", seed).isEqualTo(entry.key());
      assertThat(read.value()).as("seed %s", seed).isEqualTo(entry.value());
    }
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(40)];
    switch (random.nextInt(4)) {
      case 0 -> random.nextBytes(bytes);
      case 1 -> {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) random.nextInt(128);
        }
      }
      case 2 -> {
        return random
            .ints(bytes.length, 0, Character.MAX_CODE_POINT + 1)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
            .getBytes(UTF_8);
      }
      default -> {
        return "\uFEFF\u2028\u0000\n\r\"\\\uD83D\uDE00".getBytes(UTF_8);
      }
    }
    return bytes;
  }

  @Test
  void textStaysReadable() throws Exception {
    EntryLine entry =
        new EntryLine(
            "größe \uD83D\uDE00".getBytes(UTF_8), new byte[] {(byte) 0xFF}, PutOptions.NONE);

    assertThat(new String(written(entry), UTF_8))
        .isEqualTo("{\"key\":\"größe \uD83D\uDE00\",\"valueBase64\":\"/w==\"}");
  }

  @Test
  void expiryAndLabelTravel() throws Exception {
    Instant expiry = Instant.ofEpochMilli(1_900_000_000_123L);
    PutOptions options = PutOptions.NONE.expiresAt(expiry).label("größe");

    EntryLine read = EntryReader.read(written(new EntryLine(new byte[1], new byte[1], options)));

    assertThat(read.expiresAt()).isEqualTo(expiry);
    assertThat(read.label()).isEqualTo("größe");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | is not a JSON object",
        "x | is not JSON",
        "[] | is not a JSON object",
        "{\"key\":\"a\"} | has no field 'value'",
        "{\"value\":\"a\"} | has no field 'key'",
        "{\"key\":\"a\",\"value\":1} | 'value' that is not a string",
        "{\"key\":\"a\",\"value\":{}} | 'value' that is not a string",
        "{\"key\":\"a\",\"value\":\"b\"} x | is not JSON",
        "{\"key\":\"a\",\"value\":\"b\"}{} | goes on after",
        "{\"key\":\"a\",\"value\":\"b\" | is not JSON",
        "{\"key\":\"a\",\"value\":\"b\",\"ttl\":\"1\"} | 'ttl', which is not known",
        "{\"key\":\"a\",\"value\":\"b\",\"key\":\"c\"} | 'key' more than once",
        "{\"key\":\"a\",\"value\":\"b\",\"keyBase64\":\"\"} | 'keyBase64' more than once",
        "{\"key\":\"a\",\"valueBase64\":\"%\"} | not Base64",
        "{\"key\":\"a\",\"valueBase64\":\"/w\"} | not Base64",
        "{\"key\":\"\\uD800\",\"value\":\"b\"} | 'key' that contains an unpaired surrogate",
        "{\"key\":\"a\",\"value\":\"b\",\"expiresAt\":\"soon\"} | not like 2030",
      })
  void anythingElseIsRejected(String line, String why) {
    assertThatThrownBy(() -> EntryReader.read(line.getBytes(UTF_8)))
        .isInstanceOf(BadLineException.class)
        .hasMessageContaining(why);
  }

  @Test
  void lineOfAListingIsTaken() throws Exception {
    String line =
        "{\"key\":\"a\",\"version\":7,\"ttlMs\":60000,\"contentType\":\"text/plain\",\"bytes\":1,"
            + "\"value\":\"b\"}";

    EntryLine read = EntryReader.read(line.getBytes(UTF_8));

    assertThat(read.value()).asString(UTF_8).isEqualTo("b");
    assertThat(read.label()).isEqualTo("text/plain");
    assertThat(read.expiresAt()).isAfter(Instant.now()).isBefore(Instant.now().plusSeconds(61));
  }

  @Test
  void lineThatIsNotUtf8IsRejected() {
    byte[] line = "{\"key\":\"a\",\"value\":\"?\"}".getBytes(UTF_8);
    line[20] = (byte) 0xC0;

    assertThatThrownBy(() -> EntryReader.read(line)).hasMessage("is not UTF-8");
  }

  @Test
  void linesEndAtLineFeedsAndAtTheEnd() throws Exception {
    LineReader lines = reader("a\n\nbc", 10);

    assertThat(lines.next()).asString(UTF_8).isEqualTo("a");
    assertThat(lines.next()).isEmpty();
    assertThat(lines.next()).asString(UTF_8).isEqualTo("bc");
    assertThat(lines.number()).isEqualTo(3);
    assertThat(lines.next()).isNull();
  }

  @Test
  void lineOverTheLimitIsRejectedAndTheNextIsRead() throws Exception {
    String longLine = "x".repeat(200_000);
    LineReader lines = reader("x".repeat(199_999) + "\n" + longLine + "\nlast", 199_999);

    assertThat(lines.next()).hasSize(199_999);
    assertThatThrownBy(lines::next)
        .isInstanceOf(BadLineException.class)
        .hasMessage("is longer than MAX_LINE_BYTES = 199999");
    assertThat(lines.next()).asString(UTF_8).isEqualTo("last");
    assertThat(lines.number()).isEqualTo(3);
  }

  private static LineReader reader(String text, int maxLineBytes) {
    return new LineReader(new ByteArrayInputStream(text.getBytes(UTF_8)), maxLineBytes);
  }

  private static byte[] written(EntryLine entry) throws IOException {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    EntryWriter writer = new EntryWriter(to);
    writer.write(entry);
    writer.finish(false);
    return to.toByteArray();
  }
}
