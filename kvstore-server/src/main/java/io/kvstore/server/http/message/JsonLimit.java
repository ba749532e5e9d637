package io.kvstore.server.http.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The limit of the values in a JSON body, while it is received. Follows the strings of the body
 * without building them, and tells when a value is certainly too long, or everything else; so a
 * body that escapes each byte of its value is held in full, and no other one of that length. A
 * value that is only a little too long is left to those who know its length once the body is
 * complete: the connection can then be kept. Whether the body is valid is decided by its parser.
 */
final class JsonLimit {
  private static final byte[] VALUE = "value".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BASE64 = "valueBase64".getBytes(StandardCharsets.US_ASCII);
  private static final int UNICODE_DIGITS = 4;
  private static final int HEX = 16;

  private final int maxValueBytes;

  /** The depth of the objects whose fields are values. */
  private final int depth;

  /** The bytes of the body that have been followed. */
  private int at;

  private int nesting;
  private boolean inString;
  private boolean escaped;
  private int digits;
  private int codeUnit;

  /** The next string is the name of a field, if it is in an object. */
  private boolean inName = true;

  /** The decoded bytes of the current string, and the first ones if it is a name. */
  private long length;

  private final byte[] name = new byte[BASE64.length + 1];
  private long maxLength = Long.MAX_VALUE;

  /** The bytes of values, as they are in the body. */
  private long valueBytes;

  /**
   * @param maxValueBytes the longest value
   * @param depth the depth of the objects that have values
   */
  JsonLimit(int maxValueBytes, int depth) {
    this.maxValueBytes = maxValueBytes;
    this.depth = depth;
  }

  /**
   * Follows the body, as far as it has not been.
   *
   * @param part a part of the body
   * @param start where the part begins in the body, which is not after the bytes followed
   * @param end where it ends
   * @throws HttpException fatal, if a value is too long, or the rest of the body
   */
  void follow(byte[] part, int start, int end) {
    for (; at < end; at++) {
      byte b = part[at - start];
      if (inString) {
        valueBytes += maxLength < Long.MAX_VALUE ? 1 : 0;
        inString(b);
      } else {
        between(b);
      }
    }
    long most = (long) maxValueBytes + HttpLimits.MAX_JSON_EXTRA_BYTES;
    if (depth == 1 && at - valueBytes > most) {
      throw tooLong("The body has more than the limit of " + most + " bytes beside its value.");
    }
  }

  private void between(byte b) {
    switch (b) {
      case '"' -> {
        inString = true;
        length = 0;
      }
      case '{', '[' -> {
        nesting++;
        inName = b == '{';
        maxLength = Long.MAX_VALUE;
      }
      case '}', ']' -> {
        nesting--;
        inName = true;
      }
      case ',' -> {
        inName = true;
        maxLength = Long.MAX_VALUE;
      }
      case ':' -> inName = false;
      default -> {}
    }
  }

  private void inString(byte b) {
    if (digits > 0) {
      codeUnit = codeUnit * HEX + Math.max(0, Character.digit(b, HEX));
      if (--digits == 0) {
        add(codeUnit, utf8Bytes(codeUnit));
      }
    } else if (escaped) {
      escaped = false;
      if (b == 'u') {
        digits = UNICODE_DIGITS;
        codeUnit = 0;
      } else {
        add(b, 1);
      }
    } else if (b == '\\') {
      escaped = true;
    } else if (b == '"') {
      endString();
    } else {
      add(b, 1);
    }
  }

  private void add(int first, int bytes) {
    if (inName && length < name.length) {
      name[(int) length] = (byte) first;
    }
    length += bytes;
    if (length - HttpLimits.MAX_IGNORED_BODY_BYTES > maxLength) {
      throw tooLong("The value has more than the limit of " + maxValueBytes + " bytes.");
    }
  }

  private void endString() {
    inString = false;
    if (inName && nesting == depth) {
      if (isNamed(VALUE)) {
        maxLength = maxValueBytes;
      } else if (isNamed(BASE64)) {
        maxLength = (maxValueBytes + 2L) / 3 * 4;
      } else {
        maxLength = Long.MAX_VALUE;
      }
    }
  }

  private boolean isNamed(byte[] wanted) {
    return length == wanted.length
        && Arrays.equals(name, 0, wanted.length, wanted, 0, wanted.length);
  }

  /** Half of a surrogate pair counts as half of its four bytes. */
  private static int utf8Bytes(int codeUnit) {
    if (codeUnit < 0x80) {
      return 1;
    }
    return codeUnit < 0x800 || Character.isSurrogate((char) codeUnit) ? 2 : 3;
  }

  private static HttpException tooLong(String sentence) {
    return HttpException.fatal(Status.CONTENT_TOO_LARGE, sentence);
  }
}
