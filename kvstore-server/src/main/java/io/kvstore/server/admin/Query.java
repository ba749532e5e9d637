package io.kvstore.server.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a target behind the question mark: {@code name=value} joined by {@code &}, of which
 * the values are bytes, escaped by percent signs. A plus sign is a plus sign.
 */
record Query(String text) {

  /**
   * Returns the bytes of a value, or null if it is not given.
   *
   * @throws IllegalArgumentException if it is not escaped well
   */
  byte @Nullable [] bytes(String name) {
    String escaped = escaped(name);
    return escaped == null ? null : unescaped(escaped);
  }

  /** Returns a value as text, or null; throws as {@link #bytes} does. */
  @Nullable String text(String name) {
    byte[] bytes = bytes(name);
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  /**
   * Returns a number.
   *
   * @throws IllegalArgumentException if it is none from {@code min} to {@code max}
   */
  long number(String name, long otherwise, long min, long max) {
    String digits = text(name);
    if (digits == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(digits);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, like a number out of bounds.
    }
    throw new IllegalArgumentException(
        name + " is '" + digits + "', not a whole number from " + min + " to " + max);
  }

  private @Nullable String escaped(String name) {
    for (String pair : text.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return null;
  }

  private static byte[] unescaped(String escaped) {
    byte[] from = escaped.getBytes(ISO_8859_1);
    ByteArrayOutputStream to = new ByteArrayOutputStream(from.length);
    for (int i = 0; i < from.length; i++) {
      if (from[i] != '%') {
        to.write(from[i]);
        continue;
      }
      int high = i + 2 < from.length ? Character.digit(from[i + 1], 16) : -1;
      int low = i + 2 < from.length ? Character.digit(from[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException("a percent sign is not followed by two digits");
      }
      to.write(high << 4 | low);
      i += 2;
    }
    return to.toByteArray();
  }
}
