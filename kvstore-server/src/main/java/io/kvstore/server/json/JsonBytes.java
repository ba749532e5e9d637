package io.kvstore.server.json;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Keys and values in JSON, which has no bytes: text where they are UTF-8, else Base64 in a field of
 * another name, so that nothing is lost either way.
 */
public final class JsonBytes {
  /** What the name of a field ends in if its bytes are in Base64. */
  public static final String BASE64 = "Base64";

  private JsonBytes() {}

  /** Writes a field, of this name or of the one for Base64. */
  public static void write(JsonGenerator json, String name, byte[] bytes) throws IOException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      json.writeBinaryField(name + BASE64, bytes);
      return;
    }
    json.writeStringField(name, text);
  }

  /**
   * Returns the bytes that a field stands for.
   *
   * @param name says whether the text is Base64
   * @throws IllegalArgumentException if the text stands for no bytes; the message begins with a
   *     verb, the field being what it speaks of
   */
  public static byte[] read(String name, String text) {
    if (name.endsWith(BASE64)) {
      try {
        return Base64Variants.MIME_NO_LINEFEEDS.decode(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("is not Base64", e);
      }
    }
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("has half a surrogate pair", e);
    }
  }
}
