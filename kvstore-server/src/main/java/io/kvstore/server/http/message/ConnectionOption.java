package io.kvstore.server.http.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The connection option of an answer: whether the connection is kept, and the header field for it.
 */
public enum ConnectionOption {
  /** It stays, as it does by default since HTTP/1.1. */
  KEEP(""),
  /** It stays because an HTTP/1.0 client asked for it. */
  KEEP_AS_ASKED("Connection: keep-alive\r\n"),
  CLOSE("Connection: close\r\n");

  @SuppressWarnings("ImmutableEnumChecker") // never leaves this class
  private final byte[] field;

  ConnectionOption(String field) {
    this.field = field.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes the field, if there is one. */
  public void writeTo(ByteBuf out) {
    out.writeBytes(field);
  }
}
