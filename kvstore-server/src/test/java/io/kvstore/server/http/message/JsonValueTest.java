package io.kvstore.server.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValueTest {

  static Stream<Arguments> bodies() {
    return Stream.of(
        arguments("{\"value\":\"world\"}", "world"),
        arguments("{\"value\":\"\"}", ""),
        arguments(" \n\t{ \"value\" : \"a\" } \r\n", "a"),
        arguments("{\"value\":\"\\u00e9\\n\\\"\"}", "é\n\""),
        arguments("{\"value\":\"\\ud83d\\ude00\"}", "😀"),
        arguments("{\"value\":\"😀é\"}", "😀é"),
        arguments("{\"a\":1,\"value\":\"b\",\"c\":{\"value\":[1,{\"value\":2}]}}", "b"),
        arguments("{\"value\":\"first\",\"value\":\"last\"}", "last"),
        arguments("{\"va\\u006cue\":\"a\"}", "a"),
        arguments("{\"value\":\"\\u0000\"}", "\u0000"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void valueIsTakenOut(String json, String value) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);

    assertThat(new String(JsonValue.parse(body), StandardCharsets.UTF_8)).isEqualTo(value);
  }

  /** The short way takes what the parser takes, and makes the same of it, or leaves it alone. */
  @Test
  void plainBodiesMeanWhatTheParserSays() {
    int taken = 0;
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        byte[] body = "{\"value\":\"a__b\"}".getBytes(StandardCharsets.US_ASCII);
        body[11] = (byte) first;
        body[12] = (byte) second;
        byte[] plain = JsonValue.plain(body);
        if (plain != null) {
          taken++;
          assertThat(JsonValue.parsed(body)).isEqualTo(plain);
        }
      }
    }
    // Pairs of ASCII without controls, quotes and backslashes, and the two-byte forms of UTF-8.
    assertThat(taken).isEqualTo(94 * 94 + 30 * 64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{}",
        "[]",
        "null",
        "\"value\"",
        "value",
        "{\"value\":1}",
        "{\"value\":null}",
        "{\"value\":{}}",
        "{\"value\":[\"a\"]}",
        "{\"value\":true}",
        "{\"Value\":\"a\"}",
        "{\"value\":\"a\"",
        "{\"value\":\"a}",
        "{\"value\":\"a\"}x",
        "{\"value\":\"a\"}{}",
        "{\"value\":\"a\",}",
        "{'value':'a'}",
        "{value:\"a\"}",
        "{\"value\":\"\\ud800\"}",
        "{\"value\":\"\\udc00a\"}",
        "{\"value\":\"\\ud800\\ud800\"}",
        "{\"value\":\"\\x\"}",
        "{\"value\":\"a\nb\"}",
        "{\"value\":\"a\",\"value\":1}",
        "{\"value\":\"a\"}\u0000",
        "{\"value\":\"a\",\"b\":tru}",
        "[{\"value\":\"a\"}]",
        "{\"a\":{\"value\":\"a\"}}",
        "\uFEFF{\"value\":\"a\"}",
        "{\"value\":\"a\"} // no comments"
      })
  void anythingElseIsRejectedWithASentence(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);

    HttpException e = catchThrowableOfType(HttpException.class, () -> JsonValue.parse(body));

    assertThat(e.status()).isEqualTo(Status.BAD_REQUEST);
    assertThat(e.sentence()).startsWith("The body ").endsWith(".");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"value\":\"%ff\"}",
        "{\"value\":\"%c0%af\"}",
        "{\"value\":\"%ed%a0%80\"}",
        "{\"%ff\":1,\"value\":\"a\"}",
      })
  void bytesThatAreNotUtf8AreRejected(String escaped) {
    byte[] body = Escapes.unescape(escaped);

    HttpException e = catchThrowableOfType(HttpException.class, () -> JsonValue.parse(body));

    assertThat(e.status()).isEqualTo(Status.BAD_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
  void otherEncodingsAreNotGuessed(String charset) throws Exception {
    byte[] body = "{\"value\":\"a\"}".getBytes(charset);

    HttpException e = catchThrowableOfType(HttpException.class, () -> JsonValue.parse(body));

    assertThat(e.status()).isEqualTo(Status.BAD_REQUEST);
  }

  @Test
  void nestingIsBounded() {
    String deep = "[".repeat(100_000);
    byte[] body = ("{\"a\":" + deep + ",\"value\":\"a\"}").getBytes(StandardCharsets.UTF_8);

    HttpException e = catchThrowableOfType(HttpException.class, () -> JsonValue.parse(body));

    assertThat(e.sentence()).contains("nested too deep");
  }

  @Test
  void longValuesAreTaken() {
    String value = "é".repeat(15_000_000);
    byte[] body = ("{\"value\":\"" + value + "\"}").getBytes(StandardCharsets.UTF_8);

    assertThat(JsonValue.parse(body)).isEqualTo(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes that a string can't say, written as {@code %ff}. */
  private static final class Escapes {
    static byte[] unescape(String text) {
      byte[] bytes = new byte[text.length()];
      int length = 0;
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) == '%') {
          bytes[length++] = (byte) HexFormat.fromHexDigits(text, i + 1, i + 3);
          i += 2;
        } else {
          bytes[length++] = (byte) text.charAt(i);
        }
      }
      return Arrays.copyOf(bytes, length);
    }
  }
}
