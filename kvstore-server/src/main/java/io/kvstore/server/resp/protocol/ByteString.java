package io.kvstore.server.resp.protocol;

import java.util.Arrays;

/** A byte array with equality by content, as the key of a map. Must not be changed. */
public final class ByteString {
  private final byte[] bytes;
  private final int hash;

  public ByteString(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString string && Arrays.equals(bytes, string.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
