package io.kvstore.server.http.message;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request target, on the main port and on the management port: parameters of the
 * form {@code name=value}, or just a name, separated by {@code &}. Only parameters that are asked
 * for are parsed; others are ignored, even if malformed.
 *
 * <p>Names are compared without decoding. A value is percent-decoded once, and a {@code +} is a
 * space, as in the libraries that encode queries.
 */
public final class Query {
  /** The query of a target without one. */
  static final Query NONE = new Query("");

  private final String text;

  private Query(String text) {
    this.text = text;
  }

  /** Returns the query of a request target, one char for each byte. */
  public static Query of(String target) {
    int mark = target.indexOf('?');
    return mark < 0 || mark == target.length() - 1 ? NONE : new Query(target.substring(mark + 1));
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }

  /**
   * Whether there is a parameter of this name, with or without a value.
   *
   * @throws HttpException if there are several
   */
  public boolean has(String name) {
    return !isEmpty() && find(name) >= 0;
  }

  /**
   * Returns the value of a parameter as bytes: empty if it is only a name, null if it is absent.
   *
   * @throws HttpException if there are several, or the value is malformed
   */
  public byte @Nullable [] bytes(String name) {
    if (isEmpty()) {
      return null;
    }
    int start = find(name);
    if (start < 0) {
      return null;
    }
    int end = end(start);
    int valueStart = Math.min(start + name.length() + 1, end);
    byte[] raw = text.substring(valueStart, end).getBytes(StandardCharsets.ISO_8859_1);
    return Percent.decode(raw, "parameter " + name, true);
  }

  /**
   * Returns the value of a parameter as text: empty if it is only a name, null if it is absent.
   *
   * @throws HttpException if there are several, or the value is malformed or not UTF-8
   */
  public @Nullable String get(String name) {
    byte @Nullable [] bytes = bytes(name);
    if (bytes == null) {
      return null;
    }
    if (!Utf8.isValid(bytes, 0, bytes.length)) {
      throw HttpException.of(Status.BAD_REQUEST, "The parameter " + name + " is not valid UTF-8.");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Returns the value of a parameter as an integer in decimal digits.
   *
   * @param otherwise the value if the parameter is absent
   * @throws HttpException if it is not in the range from {@code min}, which is not negative, to
   *     {@code max}
   */
  public long number(String name, long otherwise, long min, long max) {
    String digits = get(name);
    if (digits == null) {
      return otherwise;
    }
    long number = digits.isEmpty() ? -1 : 0;
    for (int i = 0; i < digits.length() && number >= 0; i++) {
      int digit = digits.charAt(i) - '0';
      boolean fits = digit >= 0 && digit <= 9 && number <= (max - digit) / 10;
      number = fits ? number * 10 + digit : -1;
    }
    if (number < min || number > max) {
      throw HttpException.of(
          Status.BAD_REQUEST,
          "The parameter " + name + " is not a number from " + min + " to " + max + ".");
    }
    return number;
  }

  /** Returns the start of the only parameter of this name, or -1. */
  private int find(String name) {
    int found = -1;
    for (int start = 0; start <= text.length(); start = end(start) + 1) {
      if (isNamed(name, start)) {
        if (found >= 0) {
          throw HttpException.of(
              Status.BAD_REQUEST, "The parameter " + name + " is given more than once.");
        }
        found = start;
      }
    }
    return found;
  }

  private boolean isNamed(String name, int start) {
    int nameEnd = start + name.length();
    return text.startsWith(name, start)
        && (nameEnd == text.length() || text.charAt(nameEnd) == '=' || text.charAt(nameEnd) == '&');
  }

  private int end(int start) {
    int next = text.indexOf('&', start);
    return next < 0 ? text.length() : next;
  }
}
