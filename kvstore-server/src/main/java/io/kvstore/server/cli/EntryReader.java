package io.kvstore.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.kvstore.PutOptions;
import io.kvstore.server.json.JsonBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The reader of exported lines: those that {@link EntryWriter} writes, and those of a listing over
 * HTTP.
 */
final class EntryReader {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private byte @Nullable [] key;
  private byte @Nullable [] value;
  private @Nullable Instant expiresAt;
  private @Nullable String label;

  private EntryReader() {}

  /**
   * Parses the entry of a line.
   *
   * @throws BadLineException if the line is not an entry
   */
  static EntryLine read(byte[] line) throws BadLineException {
    CharBuffer text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
    } catch (CharacterCodingException e) {
      throw new BadLineException("is not UTF-8");
    }
    try (JsonParser parser = JSON.createParser(text.array(), 0, text.limit())) {
      return new EntryReader().read(parser);
    } catch (JsonProcessingException e) {
      throw new BadLineException("is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new BadLineException("is not JSON: " + e.getMessage());
    }
  }

  private EntryLine read(JsonParser parser) throws IOException, BadLineException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new BadLineException("is not a JSON object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NUMBER_INT && isOfListing(name, parser)) {
        continue;
      }
      if (token != JsonToken.VALUE_STRING) {
        throw new BadLineException("has a field '" + name + "' that is not a string");
      }
      take(name, parser.getText());
    }
    if (parser.nextToken() != null) {
      throw new BadLineException("goes on after the JSON object");
    }
    if (key == null || value == null) {
      String missing = key == null ? EntryWriter.KEY : EntryWriter.VALUE;
      throw new BadLineException("has no field '" + missing + "', nor '" + missing + "Base64'");
    }
    return new EntryLine(key, value, options());
  }

  /** Reads a field that only listings have; most of them are ignored. */
  private boolean isOfListing(String name, JsonParser parser) throws IOException {
    if (name.equals(EntryWriter.TTL_MS) && expiresAt == null) {
      expiresAt = Instant.now().plusMillis(parser.getLongValue());
      return true;
    }
    return name.equals("version") || name.equals("bytes");
  }

  private PutOptions options() throws BadLineException {
    try {
      return new PutOptions(null, expiresAt, label);
    } catch (IllegalArgumentException e) {
      throw new BadLineException("is rejected: " + e.getMessage());
    }
  }

  private void take(String name, String text) throws BadLineException {
    boolean isKnown = true;
    boolean isRepeated = false;
    switch (name) {
      case EntryWriter.KEY, EntryWriter.KEY + JsonBytes.BASE64 -> {
        isRepeated = key != null;
        key = bytes(name, text);
      }
      case EntryWriter.VALUE, EntryWriter.VALUE + JsonBytes.BASE64 -> {
        isRepeated = value != null;
        value = bytes(name, text);
      }
      case EntryWriter.EXPIRES_AT -> {
        isRepeated = expiresAt != null;
        expiresAt = instant(text);
      }
      case EntryWriter.LABEL, EntryWriter.CONTENT_TYPE -> {
        isRepeated = label != null;
        label = text;
      }
      default -> isKnown = false;
    }
    if (!isKnown) {
      throw new BadLineException("has the field '" + name + "', which is not known");
    }
    if (isRepeated) {
      throw new BadLineException("has '" + name + "' more than once, or in two forms");
    }
  }

  private static byte[] bytes(String name, String text) throws BadLineException {
    try {
      return JsonBytes.read(name, text);
    } catch (IllegalArgumentException e) {
      throw new BadLineException("has a field '" + name + "' that " + e.getMessage());
    }
  }

  private static Instant instant(String text) throws BadLineException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new BadLineException("has an expiresAt that is not like 2030-01-31T12:00:00Z");
    }
  }
}
