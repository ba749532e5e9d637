package io.kvstore.server.json;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Encodes keys and values in JSON, which has no type for bytes: as text if they are UTF-8,
 * otherwise in Base64 in a field with another name. Lossless both ways.
 */
public final class JsonBytes {
  /** The suffix of the names of fields in Base64. */
  public static final String BASE64 = "Base64";

  private JsonBytes() {}

  /** Writes a field under this name, or with the suffix if it is in Base64. */
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
   * Decodes a field.
   *
   * @param name the name of the field, which determines whether the text is Base64
   * @throws IllegalArgumentException if the text is not valid; the message is a predicate without
   *     its subject, the field
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
      throw new IllegalArgumentException("contains an unpaired surrogate", e);
    }
  }
}
