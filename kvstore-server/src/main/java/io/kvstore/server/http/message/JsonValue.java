package io.kvstore.server.http.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The parser of the body of a POST: {@code {"value":"..."}}, in UTF-8. Other fields are ignored,
 * whatever their values; of several {@code value}s the last one counts.
 */
public final class JsonValue {
  private static final String FIELD = "value";
  private static final byte[] PLAIN_START = "{\"value\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PLAIN_END = "\"}".getBytes(StandardCharsets.US_ASCII);

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(HttpLimits.MAX_JSON_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private JsonValue() {}

  /**
   * Returns the value, as UTF-8.
   *
   * @throws HttpException if the body is not valid
   */
  public static byte[] parse(byte[] body) {
    byte[] plain = plain(body);
    return plain == null ? parsed(body) : plain;
  }

  /**
   * Returns the value if the body is one field without spaces around it and without escapes, so
   * that its bytes are the value; otherwise null.
   */
  public static byte @Nullable [] plain(byte[] body) {
    int from = PLAIN_START.length;
    int to = body.length - PLAIN_END.length;
    if (to < from
        || !Arrays.equals(body, 0, from, PLAIN_START, 0, from)
        || !Arrays.equals(body, to, body.length, PLAIN_END, 0, PLAIN_END.length)) {
      return null;
    }
    boolean ascii = true;
    for (int i = from; i < to; i++) {
      byte b = body[i];
      if ((b >= 0 && b < ' ') || b == '"' || b == '\\') {
        return null;
      }
      ascii &= b >= 0;
    }
    return ascii || Utf8.isValid(body, from, to) ? Arrays.copyOfRange(body, from, to) : null;
  }

  /** Returns the value of any valid body. */
  static byte[] parsed(byte[] body) {
    if (!Utf8.isValid(body, 0, body.length) || !startsAsUtf8(body)) {
      throw invalid("is not UTF-8 without a byte order mark");
    }
    String value;
    try (JsonParser parser = JSON.createParser(body)) {
      value = read(parser);
    } catch (IOException e) {
      throw invalid("is not one JSON object, or is nested too deep");
    }
    if (value == null) {
      throw invalid("has no field \"value\"");
    }
    if (hasLoneSurrogate(value)) {
      throw invalid("has half a surrogate pair in its value, which has no UTF-8 form");
    }
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String read(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw invalid("is not a JSON object");
    }
    String value = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = parser.currentName().equals(FIELD);
      JsonToken token = parser.nextToken();
      if (!wanted) {
        parser.skipChildren();
      } else if (token == JsonToken.VALUE_STRING) {
        value = parser.getText();
      } else {
        throw invalid("has a field \"value\" that is not a string");
      }
    }
    if (parser.nextToken() != null) {
      throw invalid("goes on after the JSON object");
    }
    return value;
  }

  /**
   * Whether the start can only be UTF-8: the parser would interpret a byte order mark, or a zero
   * among the first bytes, as another encoding.
   */
  public static boolean startsAsUtf8(byte[] body) {
    for (int i = 0; i < Math.min(body.length, 4); i++) {
      if (body[i] == 0) {
        return false;
      }
    }
    return body.length < 3 || body[0] != (byte) 0xEF || body[1] != (byte) 0xBB;
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static HttpException invalid(String what) {
    return HttpException.of(
        Status.BAD_REQUEST, "The body " + what + "; it should be like {\"value\":\"...\"}.");
  }
}
