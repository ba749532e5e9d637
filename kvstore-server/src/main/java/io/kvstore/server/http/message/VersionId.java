package io.kvstore.server.http.message;

import io.kvstore.KvStore;
import org.jspecify.annotations.Nullable;

/**
 * A version with a mark of the history that it belongs to, so that one of another history is
 * recognised: after a restore, a repair or a power cut the store may assign the same version to
 * another change. As text {@code 17-0f3k9a2m}: the version, and the mark in base 32. The version
 * alone stands for the change that has it in the present history.
 *
 * @param mark the {@value #MARK_BITS} highest bits of the history's id, or {@link #ANY}
 */
public record VersionId(long version, long mark) {
  /** The number of characters of a mark. */
  public static final int MARK_DIGITS = 8;

  /** A version that no entry has. */
  private static final long NONE = Long.MAX_VALUE;

  /** The mark of a version without a history. */
  private static final long ANY = -1;

  private static final int DIGIT_BITS = 5;
  private static final int RADIX = 1 << DIGIT_BITS;
  private static final int MARK_BITS = MARK_DIGITS * DIGIT_BITS;
  private static final int MAX_DIGITS = 19;

  static VersionId unmarked(long version) {
    return new VersionId(version, ANY);
  }

  /** Returns the mark of the history of a version. */
  private static long mark(KvStore<?, ?> store, long version) {
    return store.historyId(version) >>> (Long.SIZE - MARK_BITS);
  }

  /** Returns the text of a version of a store. Nothing precedes version 0, in any history. */
  public static String text(KvStore<?, ?> store, long version) {
    if (version == 0) {
      return "0";
    }
    byte[] digits = new byte[MARK_DIGITS];
    writeMark(store, version, digits);
    StringBuilder text = new StringBuilder().append(version).append('-');
    for (byte digit : digits) {
      text.append((char) digit);
    }
    return text.toString();
  }

  /** Writes the mark of a version's history into the first bytes of a buffer. */
  public static void writeMark(KvStore<?, ?> store, long version, byte[] to) {
    long rest = mark(store, version);
    for (int at = MARK_DIGITS - 1; at >= 0; at--) {
      int digit = (int) (rest & (RADIX - 1));
      to[at] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
      rest >>>= DIGIT_BITS;
    }
  }

  /** Parses a text; returns null if it is malformed. */
  public static @Nullable VersionId parse(String text) {
    int dash = text.indexOf('-');
    String digits = dash < 0 ? text : text.substring(0, dash);
    if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
      return null;
    }
    if (digits.charAt(0) == '0' && digits.length() > 1) {
      return null;
    }
    long version = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      version = 10 * version + digit;
    }
    long mark = dash < 0 ? ANY : parseMark(text, dash + 1);
    return version < 0 || (mark < 0 && dash >= 0) ? null : new VersionId(version, mark);
  }

  private static long parseMark(String text, int from) {
    if (text.length() - from != MARK_DIGITS) {
      return -1;
    }
    long mark = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'v' ? c - 'a' + 10 : -1;
      if (digit < 0) {
        return -1;
      }
      mark = mark << DIGIT_BITS | digit;
    }
    return mark;
  }

  /** Returns the version to require of an entry; that of another history no entry has. */
  public long required(KvStore<?, ?> store) {
    return isOf(store) ? version : NONE;
  }

  /** Returns whether it is of the history that the store has. */
  public boolean isOf(KvStore<?, ?> store) {
    return mark == ANY || version == 0 || mark == mark(store, version);
  }
}
