package io.kvstore.server.http.message;

import java.util.Arrays;

/** Percent-decoding, once and strictly. */
final class Percent {
  private static final byte DELETE = 0x7F;

  private Percent() {}

  /**
   * Decodes a part of a request target.
   *
   * @param part the name of the part, for the error response
   * @param plusIsSpace whether a {@code +} is a space, as in a query
   * @throws HttpException if there is a malformed escape, or a byte that must be escaped
   */
  static byte[] decode(byte[] raw, String part, boolean plusIsSpace) {
    byte[] decoded = new byte[raw.length];
    int length = 0;
    for (int at = 0; at < raw.length; at++) {
      byte b = raw[at];
      if ((b >= 0 && b <= ' ') || b == DELETE) {
        throw HttpException.malformed("The request target has a space or control character.");
      }
      if (b == '%') {
        int high = at + 2 < raw.length ? Character.digit(raw[at + 1], 16) : -1;
        int low = at + 2 < raw.length ? Character.digit(raw[at + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw HttpException.of(
              Status.BAD_REQUEST,
              "The "
                  + part
                  + " has a % that no two hexadecimal digits follow; write a percent sign as"
                  + " %25.");
        }
        b = (byte) ((high << 4) | low);
        at += 2;
      } else if (b == '+' && plusIsSpace) {
        b = ' ';
      }
      decoded[length++] = b;
    }
    return Arrays.copyOf(decoded, length);
  }
}
