package io.kvstore.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvstore.index.Slot;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The cursor of a paged scan, as text. */
final class Cursor {
  private static final String BY_KEY = "k";
  private static final String BY_HASH = "h";
  private static final int RADIX = 36;

  private Cursor() {}

  /** Returns the cursor of a scan in key order that has returned this key. */
  static String behind(byte[] key) {
    return BY_KEY + new String(Base64.getUrlEncoder().withoutPadding().encode(key), US_ASCII);
  }

  /** Returns the cursor of a scan in hash order: by stripe, and by tag in each. */
  static String at(int stripe, int tag) {
    return BY_HASH + Long.toString((long) stripe << Integer.SIZE | tag, RADIX);
  }

  static byte[] key(String cursor) {
    try {
      return Base64.getUrlDecoder().decode(value(cursor, BY_KEY));
    } catch (IllegalArgumentException e) {
      throw foreign(cursor, e);
    }
  }

  static int stripe(String cursor, int stripes) {
    long stripe = place(cursor) >>> Integer.SIZE;
    if (stripe >= stripes) {
      throw foreign(cursor, null);
    }
    return (int) stripe;
  }

  static int tag(String cursor) {
    int tag = (int) place(cursor);
    if (tag < 0 || tag >= Slot.TAGS) {
      throw foreign(cursor, null);
    }
    return tag;
  }

  private static long place(String cursor) {
    try {
      return Long.parseLong(value(cursor, BY_HASH), RADIX);
    } catch (NumberFormatException e) {
      throw foreign(cursor, e);
    }
  }

  private static String value(String cursor, String kind) {
    if (!cursor.startsWith(kind)) {
      throw foreign(cursor, null);
    }
    return cursor.substring(kind.length());
  }

  private static IllegalArgumentException foreign(String cursor, @Nullable Throwable cause) {
    return new IllegalArgumentException("\"" + cursor + "\" is not a cursor of this store", cause);
  }
}
