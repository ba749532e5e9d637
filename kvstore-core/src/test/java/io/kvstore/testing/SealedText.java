package io.kvstore.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.platform.TextChecksum;

/**
 * Small text files with a correct checksum line, so that a mutation of the rest gets past the
 * checksum.
 */
public final class SealedText {
  private SealedText() {}

  /** Returns bytes of ASCII with the line of their checksum behind them. */
  public static byte[] of(byte[] body) {
    String text = new String(body, US_ASCII);
    byte[] end = ("checksum " + TextChecksum.of(text) + "\n").getBytes(UTF_8);
    byte[] whole = new byte[body.length + end.length];
    System.arraycopy(body, 0, whole, 0, body.length);
    System.arraycopy(end, 0, whole, body.length, end.length);
    return whole;
  }
}
