package io.kvstore.server.http.message;

import io.kvstore.KvStore;
import io.kvstore.ValueView;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The range of a value that a GET asks for (RFC 9110, §14). A field that is not one well-formed
 * range of bytes is ignored, so that the response is the whole value.
 *
 * @param first the position of its first byte
 * @param last the position of its last byte, inclusive and within the value
 */
public record ByteRange(int first, int last) {
  private static final String UNIT = "bytes=";
  private static final int MAX_DIGITS = 18;

  /**
   * Parses the fields.
   *
   * @return the range, or null for the whole value
   * @throws HttpException if the range begins after the end of the value
   */
  public static @Nullable ByteRange of(HttpHeaders headers, ValueView view, KvStore<?, ?> store) {
    @Nullable String range = headers.get(HttpHeaderNames.RANGE);
    if (range == null
        || !range.regionMatches(true, 0, UNIT, 0, UNIT.length())
        || headers.getAll(HttpHeaderNames.RANGE).size() > 1
        || !isStillMeant(headers, view, store)) {
      return null;
    }
    return of(range.substring(UNIT.length()).strip(), view.bytes().remaining());
  }

  /** If-Range: the range only applies to the same version; a date never matches. */
  private static boolean isStillMeant(HttpHeaders headers, ValueView view, KvStore<?, ?> store) {
    List<String> lines = headers.getAll(HttpHeaderNames.IF_RANGE);
    if (lines.isEmpty()) {
      return true;
    }
    EntityTag tag = EntityTags.single(String.join(", ", lines));
    return tag != null
        && tag.version() == view.version()
        && tag.id().isOf(store)
        && !tag.weak()
        && !tag.compressed();
  }

  private static @Nullable ByteRange of(String range, int length) {
    int dash = range.indexOf('-');
    if (dash < 0) {
      return null;
    }
    String before = range.substring(0, dash);
    String after = range.substring(dash + 1);
    long second = number(after);
    if (before.isEmpty()) {
      return second < 0 ? null : suffix(second, length);
    }
    long first = number(before);
    if (first < 0 || (second < first && !after.isEmpty())) {
      return null;
    }
    if (first >= length) {
      throw unsatisfiable(
          "The range begins after the end of the value, which has " + length, length);
    }
    int last = after.isEmpty() ? length - 1 : (int) Math.min(second, length - 1);
    return new ByteRange((int) first, last);
  }

  private static @Nullable ByteRange suffix(long count, int length) {
    if (count == 0) {
      throw unsatisfiable("The range is empty; the value has " + length, length);
    }
    return length == 0 ? null : new ByteRange((int) Math.max(0, length - count), length - 1);
  }

  /**
   * Returns the number, or -1 if it is malformed; numbers too large for a position are all equal.
   */
  private static long number(String digits) {
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    if (digits.isEmpty()) {
      return -1;
    }
    return digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  private static HttpException unsatisfiable(String what, int length) {
    return HttpException.of(Status.RANGE_NOT_SATISFIABLE, what + " bytes.")
        .with("Content-Range: bytes */" + length);
  }

  public int length() {
    return last - first + 1;
  }
}
