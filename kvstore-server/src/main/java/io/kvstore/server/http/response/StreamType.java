package io.kvstore.server.http.response;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The media type of a streamed response, with its header fields. */
public enum StreamType {
  TEXT("text/plain; charset=utf-8"),
  JSON("application/json"),
  JSON_LINES("application/x-ndjson"),
  EVENTS("text/event-stream");

  private final String type;

  @SuppressWarnings("ImmutableEnumChecker") // never passed out of this class
  private final byte[] fields;

  StreamType(String type) {
    this.type = type;
    String text =
        "Content-Type: " + type + "\r\n" + DocumentFields.LINES + "Cache-Control: no-store\r\n";
    this.fields = text.getBytes(StandardCharsets.US_ASCII);
  }

  public String type() {
    return type;
  }

  /** Writes the header fields. */
  void writeTo(ByteBuf out) {
    out.writeBytes(fields);
  }
}
