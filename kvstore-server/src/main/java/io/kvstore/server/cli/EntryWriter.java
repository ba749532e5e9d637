package io.kvstore.server.cli;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.kvstore.server.json.JsonBytes;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The writer of exported lines: entries as lines of JSON. Bytes that are UTF-8 are written as text,
 * others in Base64 under another name, so that {@link EntryReader} restores the same bytes. Does
 * not close its stream.
 */
final class EntryWriter {
  static final String KEY = "key";
  static final String VALUE = "value";
  static final String EXPIRES_AT = "expiresAt";
  static final String LABEL = "label";

  /** The names of listings for label and deadline. */
  static final String CONTENT_TYPE = "contentType";

  static final String TTL_MS = "ttlMs";

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .rootValueSeparator("\n")
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private final JsonGenerator json;

  EntryWriter(OutputStream to) throws IOException {
    this.json = JSON.createGenerator(to, JsonEncoding.UTF8);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  void write(EntryLine entry) throws IOException {
    json.writeStartObject();
    JsonBytes.write(json, KEY, entry.key());
    JsonBytes.write(json, VALUE, entry.value());
    if (entry.expiresAt() != null) {
      json.writeStringField(EXPIRES_AT, entry.expiresAt().toString());
    }
    if (entry.label() != null) {
      json.writeStringField(LABEL, entry.label());
    }
    json.writeEndObject();
  }

  /** Ends the last line, and flushes. */
  void finish(boolean wroteLines) throws IOException {
    if (wroteLines) {
      json.writeRaw('\n');
    }
    json.flush();
  }
}
