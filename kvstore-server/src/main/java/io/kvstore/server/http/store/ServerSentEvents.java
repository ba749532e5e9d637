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
 * The format of server-sent events, one for each change: a name, the version with the mark of its
 * history as the id, and one JSON object.
 */
final class ServerSentEvents {
  static final String AFTER_VALUE = "\"}\n\n";

  private ServerSentEvents() {}

  static byte[] put(Entry<byte[], byte[]> entry, boolean values, String id) {
    return event("put", id, json -> EntryJson.write(json, entry, values));
  }

  /** Formats a put without its value. */
  static byte[] put(byte[] key, ValueView view, String id) {
    return event("put", id, json -> EntryJson.writeWithoutValue(json, key, view));
  }

  /** Formats a put up to its value; {@link #AFTER_VALUE} must follow that. */
  static byte[] put(byte[] key, ValueView view, LongJson value, String id) {
    ByteArrayOutputStream event = start("put", id);
    try (JsonGenerator json = EntryJson.to(event)) {
      EntryJson.writeUpTo(json, key, view, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a ByteArrayOutputStream does not fail
    }
    return event.toByteArray();
  }

  static byte[] delete(byte[] key, long version, String id) {
    return event(
        "delete",
        id,
        json -> {
          json.writeStartObject();
          JsonBytes.write(json, "key", key);
          json.writeNumberField("version", version);
          json.writeEndObject();
        });
  }

  static byte[] gap(long from, long to, String id) {
    return event(
        "gap",
        id,
        json -> {
          json.writeStartObject();
          json.writeNumberField("from", from);
          json.writeNumberField("to", to);
          json.writeEndObject();
        });
  }

  /** Formats a heartbeat: a comment, and an id without an event, from which a client can resume. */
  static byte[] heartbeat(String id) {
    return (":\nid: " + id + "\n\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static ByteArrayOutputStream start(String name, String id) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    String start = "event: " + name + "\nid: " + id + "\ndata: ";
    event.writeBytes(start.getBytes(StandardCharsets.US_ASCII));
    return event;
  }

  private interface Data {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] event(String name, String id, Data data) {
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
