package io.kvstore.server.http.message;

import io.kvstore.KvStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the key of a request target: the path without its first slash, percent-decoded once,
 * otherwise unchanged. {@code /a%2Fb}, {@code /a/b} and {@code //a/b} name {@code a/b}, {@code a/b}
 * and {@code /a/b}.
 */
public final class KeyPath {
  private static final byte DELETE = 0x7F;

  private KeyPath() {}

  /**
   * Returns the key.
   *
   * @param target in origin form or absolute form, one char for each byte
   * @throws HttpException if it has neither form, or the key is too long or not UTF-8
   */
  public static byte[] key(String target) {
    byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
    int start = pathStart(target);
    int end = start;
    boolean plain = true;
    for (; end < bytes.length && bytes[end] != '?'; end++) {
      byte b = bytes[end];
      plain &= b > ' ' && b != '%' && b != DELETE;
    }
    byte[] key = plain ? Arrays.copyOfRange(bytes, start, end) : decode(bytes, start, end);
    if (key.length > KvStore.MAX_KEY_BYTES) {
      throw HttpException.of(
          Status.URI_TOO_LONG,
          "The key has "
              + key.length
              + " bytes, more than the limit of "
              + KvStore.MAX_KEY_BYTES
              + ".");
    }
    return key;
  }

  /** Returns the host and port of a target in absolute form, or null if it has another form. */
  static @Nullable String authority(String target) {
    int start = authorityStart(target);
    return start == 0 ? null : target.substring(start, authorityEnd(target, start));
  }

  /** Returns the index after the first slash of the path. */
  private static int pathStart(String target) {
    if (target.startsWith("/")) {
      return 1;
    }
    int authority = authorityStart(target);
    int end = authorityEnd(target, authority);
    if (authority == 0 || end == authority) {
      throw HttpException.malformed("The request target is neither a path nor an http URL.");
    }
    return end < target.length() && target.charAt(end) == '/' ? end + 1 : end;
  }

  /** Returns the index after the scheme, or 0 if there is none. */
  private static int authorityStart(String target) {
    if (target.regionMatches(true, 0, "http://", 0, 7)) {
      return 7;
    }
    return target.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
  }

  private static int authorityEnd(String target, int start) {
    int end = start;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    return end;
  }

  private static byte[] decode(byte[] bytes, int start, int end) {
    byte[] key = Percent.decode(Arrays.copyOfRange(bytes, start, end), "path", false);
    if (!Utf8.isValid(key, 0, key.length)) {
      throw HttpException.of(Status.BAD_REQUEST, "The key is not valid UTF-8.");
    }
    return key;
  }
}
