package io.kvstore.server.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit of the values in JSON: a body is rejected as soon as one is certainly too long. */
class JsonLimitTest {
  private static final int MAX = 100_000;
  private static final int PIECE = 7;
  private static final HttpLimits LIMITS = HttpLimits.of(MAX);

  @ParameterizedTest
  @ValueSource(strings = {"v", "\\n", "\\u0041", "\\\"", "\u00e4", "\\u00e4", "\\ud83d\\ude00"})
  void valueIsReceivedUpToItsLimitHoweverItIsEscaped(String unit) {
    int length = decoded(unit).length;
    String fits = unit.repeat(MAX / length);
    for (String name : new String[] {"value", "v\\u0061lue"}) {
      String start = "{\"a\":{\"value\":1}, \"" + name + "\" : \"";

      byte[] whole = utf8(start + fits + "\",\"b\":[\"value\",{\"value\":\"x\"}]}");
      assertThat(received(body(), whole)).isEqualTo(whole.length);
      byte[] tooLong = utf8(start + fits + unit.repeat(MAX));
      assertThat(received(body(), tooLong))
          .isBetween(utf8(start + fits).length, utf8(start + fits).length + more(unit));
    }
  }

  @Test
  void otherFieldsMayTakeAsMuchAsAValue() {
    String other = "{\"other\":\"" + "x".repeat(MAX);
    byte[] fits = utf8(other + "\",\"value\":\"" + "v".repeat(MAX) + "\"}");
    byte[] tooLong = utf8(other + "x".repeat(5 * MAX));

    assertThat(received(body(), fits)).isEqualTo(fits.length);
    assertThat(received(body(), tooLong))
        .isLessThan(MAX + HttpLimits.MAX_JSON_EXTRA_BYTES + 3 * PIECE);
  }

  @Test
  void valueInABatchIsReceivedUpToItsLimit() {
    String element = "{\"op\":\"put\",\"key\":\"k\",\"value\":\"" + "v".repeat(MAX) + "\"}";
    String base64 = "{\"op\":\"put\",\"key\":\"k\",\"valueBase64\":\"" + "AAAA".repeat(MAX / 3 + 1);
    byte[] fits = utf8("[" + element + "," + element + "," + base64 + "\"}]");
    byte[] tooLong = utf8("[" + element + "," + base64 + "AAAA".repeat(MAX));

    assertThat(received(batch(), fits)).isEqualTo(fits.length);
    assertThat(received(batch(), tooLong))
        .isLessThan(utf8("[" + element + "," + base64).length + more("A"));
  }

  /** The longest excess that is received, in the form of a unit. */
  private static int more(String unit) {
    int units = HttpLimits.MAX_IGNORED_BODY_BYTES / decoded(unit).length + 1;
    return units * utf8(unit).length + 3 * PIECE;
  }

  private static RequestBody body() {
    return RequestBody.json(LIMITS, RequestHead.CHUNKED);
  }

  private static RequestBody batch() {
    return RequestBody.batch(MAX, RequestHead.CHUNKED);
  }

  /** Returns how much was received when the body was rejected, or all of it. */
  private static int received(RequestBody body, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += PIECE) {
      int from = at;
      int count = Math.min(PIECE, bytes.length - at);
      HttpException rejected =
          catchThrowableOfType(
              HttpException.class, () -> body.append(Unpooled.wrappedBuffer(bytes, from, count)));
      if (rejected != null) {
        assertThat(rejected.status()).isEqualTo(Status.CONTENT_TOO_LARGE);
        assertThat(rejected.isFatal()).isTrue();
        assertThat(rejected.sentence()).contains("limit of");
        return body.length();
      }
    }
    return body.length();
  }

  private static byte[] decoded(String unit) {
    return JsonValue.parse(utf8("{\"value\":\"" + unit + "\"}"));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
