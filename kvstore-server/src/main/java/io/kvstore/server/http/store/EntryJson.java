package io.kvstore.server.http.store;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.kvstore.Entry;
import io.kvstore.ValueView;
import io.kvstore.server.json.JsonBytes;
import io.kvstore.server.json.LongJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Writes entries as JSON objects, the same in listings and in change feeds. */
final class EntryJson {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .rootValueSeparator("")
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private EntryJson() {}

  /** Returns a generator on a stream, in UTF-8, with nothing between two objects. */
  static JsonGenerator to(OutputStream stream) throws IOException {
    return JSON.createGenerator(stream, JsonEncoding.UTF8);
  }

  /**
   * Writes an entry.
   *
   * @param values whether to include the value
   */
  static void write(JsonGenerator json, Entry<byte[], byte[]> entry, boolean values)
      throws IOException {
    begin(json, entry.key(), view(entry));
    if (values) {
      JsonBytes.write(json, "value", entry.value());
    }
    json.writeEndObject();
  }

  /** Returns the value of an entry with its attributes. */
  static ValueView view(Entry<byte[], byte[]> entry) {
    return new ValueView(
        ByteBuffer.wrap(entry.value()), entry.version(), entry.expiresAt(), entry.label());
  }

  /** Writes an entry without its value. */
  static void writeWithoutValue(JsonGenerator json, byte[] key, ValueView view) throws IOException {
    begin(json, key, view);
    json.writeEndObject();
  }

  /**
   * Writes an entry up to its value: the quote before it is the last byte. The generator can write
   * nothing more.
   */
  static void writeUpTo(JsonGenerator json, byte[] key, ValueView view, LongJson value)
      throws IOException {
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
    begin(json, key, view);
    json.writeRaw(",\"" + value.field("value") + "\":\"");
  }

  private static void begin(JsonGenerator json, byte[] key, ValueView view) throws IOException {
    json.writeStartObject();
    JsonBytes.write(json, "key", key);
    json.writeNumberField("version", view.version());
    Instant expiresAt = view.expiresAt();
    if (expiresAt != null) {
      long left = expiresAt.toEpochMilli() - System.currentTimeMillis();
      json.writeNumberField("ttlMs", Math.max(0, left));
    }
    if (view.label() != null) {
      json.writeStringField("contentType", view.label());
    }
    json.writeNumberField("bytes", view.bytes().remaining());
  }
}
