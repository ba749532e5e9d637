package io.kvstore.server.http.response;

import java.util.Arrays;

/** The body of a successful response, with its media type. */
public final class Body {
  private final StreamType type;
  private final byte[] bytes;

  private Body(StreamType type, byte[] bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  public static Body json(byte[] bytes) {
    return new Body(StreamType.JSON, bytes);
  }

  /** Returns text without a line feed at its end. */
  public static Body text(byte[] bytes) {
    byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
    line[bytes.length] = '\n';
    return new Body(StreamType.TEXT, line);
  }

  StreamType type() {
    return type;
  }

  /** The bytes, which must not be changed. */
  byte[] bytes() {
    return bytes;
  }
}
