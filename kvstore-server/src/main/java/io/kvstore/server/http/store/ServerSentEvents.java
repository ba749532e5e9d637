package io.kvstore.server.http.store;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kvstore.Entry;
import io.kvstore.ValueView;
import io.kvstore.server.json.JsonBytes;
import io.kvstore.server.json.LongJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The format of server-sent events, one for each change: a name, the version as the id, and one
 * JSON object.
 */
final class ServerSentEvents {
  static final String AFTER_VALUE = "\"}\n\n";

  private ServerSentEvents() {}

  static byte[] put(Entry<byte[], byte[]> entry, boolean values) {
    return event("put", entry.version(), json -> EntryJson.write(json, entry, values));
  }

  /** Formats a put without its value. */
  static byte[] put(byte[] key, ValueView view) {
    return event("put", view.version(), json -> EntryJson.writeWithoutValue(json, key, view));
  }

  /** Formats a put up to its value; {@link #AFTER_VALUE} must follow that. */
  static byte[] put(byte[] key, ValueView view, LongJson value) {
    ByteArrayOutputStream event = start("put", view.version());
    try (JsonGenerator json = EntryJson.to(event)) {
      EntryJson.writeUpTo(json, key, view, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a ByteArrayOutputStream does not fail
    }
    return event.toByteArray();
  }

  static byte[] delete(byte[] key, long version) {
    return event(
        "delete",
        version,
        json -> {
          json.writeStartObject();
          JsonBytes.write(json, "key", key);
          json.writeNumberField("version", version);
          json.writeEndObject();
        });
  }

  static byte[] gap(long from, long to) {
    return event(
        "gap",
        to,
        json -> {
          json.writeStartObject();
          json.writeNumberField("from", from);
          json.writeNumberField("to", to);
          json.writeEndObject();
        });
  }

  /** Formats a heartbeat: a comment, and an id without an event, from which a client can resume. */
  static byte[] heartbeat(long version) {
    return (":\nid: " + version + "\n\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static ByteArrayOutputStream start(String name, long id) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    String start = "event: " + name + "\nid: " + id + "\ndata: ";
    event.writeBytes(start.getBytes(StandardCharsets.US_ASCII));
    return event;
  }

  private interface Data {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] event(String name, long id, Data data) {
    ByteArrayOutputStream event = start(name, id);
    try (JsonGenerator json = EntryJson.to(event)) {
      data.write(json);
      json.writeRaw("\n\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a ByteArrayOutputStream does not fail
    }
    return event.toByteArray();
  }
}
