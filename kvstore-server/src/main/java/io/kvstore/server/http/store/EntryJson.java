package io.kvstore.server.http.store;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.kvstore.Entry;
import io.kvstore.server.json.JsonBytes;
import java.io.IOException;
import java.io.OutputStream;
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
    json.writeStartObject();
    JsonBytes.write(json, "key", entry.key());
    json.writeNumberField("version", entry.version());
    Instant expiresAt = entry.expiresAt();
    if (expiresAt != null) {
      long left = expiresAt.toEpochMilli() - System.currentTimeMillis();
      json.writeNumberField("ttlMs", Math.max(0, left));
    }
    if (entry.label() != null) {
      json.writeStringField("contentType", entry.label());
    }
    json.writeNumberField("bytes", entry.value().length);
    if (values) {
      JsonBytes.write(json, "value", entry.value());
    }
    json.writeEndObject();
  }
}
