package io.kvstore.server.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the request that most requests are, in the bytes as they have arrived: a whole GET of
 * HTTP/1.1 for a key without escapes and without a query, with one Host, and otherwise with fields
 * only that change nothing about its answer. Such a request needs no object for itself or for its
 * fields.
 *
 * <p>It says no more than that. Whatever is unusual in any way, wrong or not, is left to the
 * decoder, which is the only judge of what HTTP is. Used by the connections of one event loop.
 */
final class PlainGet {
  /** The longest head that is looked at. */
  static final int MAX_BYTES = 1 << 10;

  private static final byte[] START = ascii("GET /");
  private static final byte[] END_OF_LINE = ascii(" HTTP/1.1\r\n");
  private static final byte[] HOST = ascii("host");
  private static final byte[] CONNECTION = ascii("connection");
  private static final byte[] KEEP_ALIVE = ascii("keep-alive");
  private static final byte[] ACCEPT_ENCODING = ascii("accept-encoding");

  /** Fields, besides those above, that say nothing to us; in lower case, by length. */
  private static final byte[][][] IGNORED =
      byLength(
          "accept",
          "accept-language",
          "cache-control",
          "cookie",
          "dnt",
          "pragma",
          "priority",
          "referer",
          "sec-ch-ua",
          "sec-ch-ua-mobile",
          "sec-ch-ua-platform",
          "sec-fetch-dest",
          "sec-fetch-mode",
          "sec-fetch-site",
          "sec-fetch-user",
          "user-agent");

  private static final byte DELETE = 0x7F;
  private static final int NONE = -1;

  private final byte[] head = new byte[MAX_BYTES];
  private int limit;
  private int keyEnd;
  private int at;
  private boolean hasHost;
  private boolean takesCodings;

  /**
   * Looks at the next request.
   *
   * @param in not changed
   * @return how many bytes it has if it is whole and plain, or 0
   */
  int find(ByteBuf in) {
    limit = Math.min(in.readableBytes(), MAX_BYTES);
    if (limit < START.length + END_OF_LINE.length) {
      return 0;
    }
    in.getBytes(in.readerIndex(), head, 0, limit);
    if (!Arrays.equals(head, 0, START.length, START, 0, START.length) || !isRequestLine()) {
      return 0;
    }
    hasHost = false;
    takesCodings = false;
    while (at + 1 < limit && head[at] != '\r') {
      if (!isField()) {
        return 0;
      }
    }
    return hasHost && at + 1 < limit && head[at + 1] == '\n' ? at + 2 : 0;
  }

  /** Returns the key of the request that was found. */
  byte[] key() {
    return Arrays.copyOfRange(head, START.length, keyEnd);
  }

  /** Tells whether the request that was found says which content codings it takes. */
  boolean takesCodings() {
    return takesCodings;
  }

  private boolean isRequestLine() {
    int i = START.length;
    while (i < limit && isPlain(head[i])) {
      i++;
    }
    keyEnd = i;
    at = i + END_OF_LINE.length;
    return i > START.length
        && at <= limit
        && Arrays.equals(head, i, at, END_OF_LINE, 0, END_OF_LINE.length);
  }

  /** Whether a byte of a target is one of the key as it stands. */
  private static boolean isPlain(byte b) {
    return b > ' ' && b != '%' && b != '?' && b != '#' && b != DELETE;
  }

  /** Goes behind a field, if it is one that may be there. */
  private boolean isField() {
    int start = at;
    int colon = indexOfColon(start);
    int valueStart = colon + 1;
    int end = colon == NONE ? NONE : endOfValue(valueStart);
    if (end == NONE) {
      return false;
    }
    at = end + 2;
    while (valueStart < end && isBlank(head[valueStart])) {
      valueStart++;
    }
    while (end > valueStart && isBlank(head[end - 1])) {
      end--;
    }
    if (is(HOST, start, colon)) {
      boolean only = !hasHost;
      hasHost = true;
      return only && isHost(valueStart, end);
    }
    if (is(CONNECTION, start, colon)) {
      return is(KEEP_ALIVE, valueStart, end);
    }
    if (is(ACCEPT_ENCODING, start, colon)) {
      takesCodings = true;
      return true;
    }
    return isIgnored(start, colon);
  }

  private int indexOfColon(int from) {
    for (int i = from; i < limit; i++) {
      byte b = head[i];
      if (b == ':') {
        return i;
      }
      if (b <= ' ') {
        return NONE;
      }
    }
    return NONE;
  }

  /** Returns where a value ends in a whole line, if it has visible signs and blanks only. */
  private int endOfValue(int from) {
    int i = from;
    while (i < limit && (head[i] >= ' ' || head[i] == '\t') && head[i] != DELETE) {
      i++;
    }
    return i + 1 < limit && head[i] == '\r' && head[i + 1] == '\n' ? i : NONE;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private boolean isHost(int from, int to) {
    for (int i = from; i < to; i++) {
      if (!RequestHead.isHostChar((char) head[i])) {
        return false;
      }
    }
    return from < to;
  }

  private boolean isIgnored(int from, int to) {
    int length = to - from;
    if (length < IGNORED.length) {
      for (byte[] name : IGNORED[length]) {
        if (is(name, from, to)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * @param lowerCase letters and hyphens
   */
  private boolean is(byte[] lowerCase, int from, int to) {
    if (to - from != lowerCase.length) {
      return false;
    }
    for (int i = 0; i < lowerCase.length; i++) {
      byte wanted = lowerCase[i];
      byte b = head[from + i];
      if (b != wanted && (wanted == '-' || b != wanted - ('a' - 'A'))) {
        return false;
      }
    }
    return true;
  }

  private static byte[][][] byLength(String... names) {
    int longest = 0;
    for (String name : names) {
      longest = Math.max(longest, name.length());
    }
    byte[][][] byLength = new byte[longest + 1][][];
    for (int length = 0; length <= longest; length++) {
      int wanted = length;
      byLength[length] =
          Arrays.stream(names)
              .filter(name -> name.length() == wanted)
              .map(PlainGet::ascii)
              .toArray(byte[][]::new);
    }
    return byLength;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
