package io.kvstore.server.http.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The fast-path parser. Recognizes the most common requests directly in the receive buffer: a
 * complete GET, or a complete POST with its length, of HTTP/1.1, for a key without escapes and
 * without a query, with one accepted Host, from no page of another origin, and otherwise only with
 * fields that do not affect the response. Neither such a request nor its fields need an object.
 *
 * <p>Not a second parser of HTTP: everything unusual, valid or not, is left to the decoder, which
 * alone accepts or rejects it. Shared by the connections of one event loop.
 */
public final class FastPathRequest {
  /** The limit of the header section; longer ones are not considered. */
  static final int MAX_BYTES = 1 << 10;

  private static final byte[] GET = ascii("GET /");
  private static final byte[] POST = ascii("POST /");
  private static final byte[] END_OF_LINE = ascii(" HTTP/1.1\r\n");
  private static final byte[] HOST = ascii("host");
  private static final byte[] CONNECTION = ascii("connection");
  private static final byte[] KEEP_ALIVE = ascii("keep-alive");
  private static final byte[] ACCEPT = ascii("accept");
  private static final byte[] ANYTHING = ascii("*/*");
  private static final byte[] ACCEPT_ENCODING = ascii("accept-encoding");
  private static final byte[] CONTENT_LENGTH = ascii("content-length");
  private static final byte[] CONTENT_TYPE = ascii("content-type");
  private static final byte[] FETCH_SITE = ascii("sec-fetch-site");
  private static final byte[] SAME_ORIGIN = ascii("same-origin");
  private static final byte[] NO_SITE = ascii("none");

  /** The maximum number of digits of the length. */
  private static final int MAX_LENGTH_DIGITS = 9;

  /** Other fields that do not affect the response; in lower case, by length. */
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
          "sec-fetch-user",
          "user-agent");

  private static final byte DELETE = 0x7F;
  private static final int NONE = -1;

  private final CrossOriginPolicy policy;
  private final byte[] head = new byte[MAX_BYTES];
  private int limit;
  private boolean isPost;
  private int keyStart;
  private int keyEnd;
  private int at;
  private boolean hasHost;
  private boolean takesCodings;
  private int bodyLength;
  private byte[] body = {};

  /** The last Host that has been accepted: most clients of a server use the same. */
  private byte[] acceptedHost = {};

  /**
   * @param policy decides about Host, as for requests that are decoded
   */
  public FastPathRequest(CrossOriginPolicy policy) {
    this.policy = policy;
  }

  /**
   * Looks for a request at the start of the buffer.
   *
   * @param in the buffer, which is not changed
   * @return the length of the request if it is complete and common, otherwise 0
   */
  int find(ByteBuf in) {
    limit = Math.min(in.readableBytes(), MAX_BYTES);
    if (limit < POST.length + END_OF_LINE.length) {
      return 0;
    }
    in.getBytes(in.readerIndex(), head, 0, limit);
    isPost = head[0] == POST[0];
    if (!isStart(isPost ? POST : GET) || !isRequestLine()) {
      return 0;
    }
    hasHost = false;
    takesCodings = false;
    bodyLength = NONE;
    while (at + 1 < limit && head[at] != '\r') {
      if (!isField()) {
        return 0;
      }
    }
    if (!hasHost || at + 1 >= limit || head[at + 1] != '\n') {
      return 0;
    }
    return isPost ? withBody(in, at + 2) : at + 2;
  }

  private boolean isStart(byte[] start) {
    keyStart = start.length;
    return Arrays.equals(head, 0, keyStart, start, 0, keyStart);
  }

  /** Adds the body, if it has been received. */
  private int withBody(ByteBuf in, int start) {
    if (bodyLength == NONE || in.readableBytes() - start < bodyLength) {
      return 0;
    }
    body = new byte[bodyLength];
    in.getBytes(in.readerIndex() + start, body);
    return start + bodyLength;
  }

  /** Whether the request is a POST, not a GET. */
  public boolean isPost() {
    return isPost;
  }

  /** Returns the key of the request. */
  public byte[] key() {
    return Arrays.copyOfRange(head, keyStart, keyEnd);
  }

  /** Returns the body of the POST. */
  public byte[] body() {
    return body;
  }

  /** Whether the request has an Accept-Encoding. */
  public boolean takesCodings() {
    return takesCodings;
  }

  private boolean isRequestLine() {
    int i = keyStart;
    while (i < limit && isPlain(head[i])) {
      i++;
    }
    keyEnd = i;
    at = i + END_OF_LINE.length;
    return i > keyStart
        && at <= limit
        && Arrays.equals(head, i, at, END_OF_LINE, 0, END_OF_LINE.length);
  }

  /** Whether a byte of a target is part of the key without decoding. */
  private static boolean isPlain(byte b) {
    return b > ' ' && b != '%' && b != '?' && b != '#' && b != DELETE;
  }

  /** Skips a field, if it is one that may occur. */
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
    if (isPost && is(CONTENT_LENGTH, start, colon)) {
      boolean only = bodyLength == NONE;
      return only && isLength(valueStart, end);
    }
    if (is(FETCH_SITE, start, colon)) {
      return is(SAME_ORIGIN, valueStart, end) || is(NO_SITE, valueStart, end);
    }
    if (isPost && is(ACCEPT, start, colon)) {
      return is(ANYTHING, valueStart, end); // anything else is accepted or rejected by the decoder
    }
    return isIgnored(start, colon) || (isPost && is(CONTENT_TYPE, start, colon));
  }

  private boolean isLength(int from, int to) {
    if (from == to || to - from > MAX_LENGTH_DIGITS) {
      return false;
    }
    int length = 0;
    for (int i = from; i < to; i++) {
      int digit = head[i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      length = 10 * length + digit;
    }
    bodyLength = length;
    return true;
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

  /**
   * Returns the end of a field value, if its line is complete and has visible characters and blanks
   * only.
   */
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
    if (Arrays.equals(head, from, to, acceptedHost, 0, acceptedHost.length)) {
      return from < to;
    }
    for (int i = from; i < to; i++) {
      if (!RequestHead.isHostChar((char) head[i])) {
        return false;
      }
    }
    String host = new String(head, from, to - from, StandardCharsets.US_ASCII);
    boolean isAccepted = from < to && policy.accepts(host);
    if (isAccepted) {
      acceptedHost = Arrays.copyOfRange(head, from, to);
    }
    return isAccepted;
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
              .map(FastPathRequest::ascii)
              .toArray(byte[][]::new);
    }
    return byLength;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
