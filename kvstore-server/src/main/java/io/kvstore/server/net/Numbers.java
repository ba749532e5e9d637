package io.kvstore.server.net;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The decimal format of integers that Redis and all protocols here use: without plus sign, blanks
 * or leading zeros.
 */
public final class Numbers {
  private static final byte[] SMALLEST =
      Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_DIGITS = 19;

  /** The maximum length of a number: 20 bytes. */
  public static final int MAX_BYTES = MAX_DIGITS + 1;

  private Numbers() {}

  /** Whether these bytes are a long in canonical form. */
  public static boolean isLong(byte[] bytes, int from, int length) {
    int at = from;
    int end = from + length;
    boolean negative = length > 1 && bytes[at] == '-';
    if (negative) {
      at++;
    }
    int digits = end - at;
    if (digits < 1 || digits > MAX_DIGITS || (bytes[at] == '0' && length > 1)) {
      return false;
    }
    long magnitude = 0;
    for (; at < end; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      magnitude = magnitude * 10 + digit;
    }
    // Nineteen digits are less than 2^64, so that an overflow is negative.
    return magnitude >= 0 || (negative && magnitude == Long.MIN_VALUE);
  }

  /** Parses a number for which {@link #isLong} is true. */
  public static long toLong(byte[] bytes, int from, int length) {
    boolean negative = bytes[from] == '-';
    long value = 0;
    for (int at = negative ? from + 1 : from; at < from + length; at++) {
      value = value * 10 - (bytes[at] - '0');
    }
    return negative ? value : -value;
  }

  /** Formats a number. */
  public static byte[] bytes(long number) {
    byte[] digits = new byte[MAX_BYTES];
    int length = write(number, digits, 0);
    return Arrays.copyOf(digits, length);
  }

  /** Writes a number of up to 20 bytes, and returns the index after it. */
  public static int write(long number, byte[] to, int at) {
    if (number == Long.MIN_VALUE) {
      System.arraycopy(SMALLEST, 0, to, at, SMALLEST.length);
      return at + SMALLEST.length;
    }
    int start = at;
    long rest = number;
    if (rest < 0) {
      to[start++] = '-';
      rest = -rest;
    }
    int end = start + 1;
    for (long more = rest; more >= 10; more /= 10) {
      end++;
    }
    for (int i = end - 1; i >= start; i--) {
      to[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return end;
  }
}
