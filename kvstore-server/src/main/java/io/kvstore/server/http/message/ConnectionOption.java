package io.kvstore.server.http.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The connection option of a response: whether the connection is kept, and the header field for it.
 */
public enum ConnectionOption {
  /** Keep the connection, the default since HTTP/1.1. */
  KEEP(""),
  /** Keep the connection, as an HTTP/1.0 client has asked. */
  KEEP_AS_ASKED("Connection: keep-alive\r\n"),
  CLOSE("Connection: close\r\n");

  @SuppressWarnings("ImmutableEnumChecker") // never passed out of this class
  private final byte[] field;

  ConnectionOption(String field) {
    this.field = field.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes the header field, if there is one. */
  public void writeTo(ByteBuf out) {
    out.writeBytes(field);
  }
}
