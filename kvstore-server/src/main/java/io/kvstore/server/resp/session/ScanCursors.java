package io.kvstore.server.resp.session;

import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.Page;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The mapping of SCAN's cursors, which are numbers, to those of the store, which are text. Short
 * text is encoded in the number itself, which is valid for as long as the store's cursor. For
 * longer text the server remembers the last {@value #MAX_REMEMBERED}, or fewer if they are long,
 * under numbers that encode no text. Safe for use by any thread.
 */
public final class ScanCursors {
  static final int MAX_REMEMBERED = 1 << 16;

  /** The length of the remembered text; one cursor has up to 131,072 characters. */
  static final int MAX_REMEMBERED_CHARS = 8 << 20;

  private static final int RADIX = 37;
  private static final int MAX_SHORT = 12;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int RANDOM_FROM = 16;
  private static final int MAX_EMPTY_PAGES = 1_000;

  /** The length of the remembered text; guarded by the map. */
  private long rememberedChars;

  /** From the oldest to the newest. */
  private final Map<Long, String> remembered = new LinkedHashMap<>();

  /** The cursor from which the next random key is searched. */
  private volatile @Nullable String randomFrom;

  /** Returns the number of a cursor; 0 is the start, and the end. */
  public long number(@Nullable String cursor) {
    if (cursor == null) {
      return 0;
    }
    long number = 0;
    boolean isShort = !cursor.isEmpty() && cursor.length() <= MAX_SHORT;
    for (int i = 0; i < cursor.length() && isShort; i++) {
      int digit = ALPHABET.indexOf(cursor.charAt(i)) + 1;
      isShort = digit > 0;
      number = number * RADIX + digit;
    }
    return isShort ? number : remember(cursor);
  }

  private long remember(String cursor) {
    synchronized (remembered) {
      long number;
      rememberedChars += cursor.length();
      do {
        number = ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE;
      } while (remembered.putIfAbsent(number, cursor) != null);
      forgetOldest();
      return number;
    }
  }

  private void forgetOldest() {
    Iterator<String> oldest = remembered.values().iterator();
    while (remembered.size() > MAX_REMEMBERED || rememberedChars > MAX_REMEMBERED_CHARS) {
      rememberedChars -= oldest.next().length();
      oldest.remove();
    }
  }

  /**
   * Returns the cursor with a number, or null for the start.
   *
   * @throws IllegalArgumentException if there is none
   */
  public @Nullable String cursor(long number) {
    if (number < 0) {
      synchronized (remembered) {
        String cursor = remembered.get(number);
        if (cursor == null) {
          throw new IllegalArgumentException("no cursor has the number " + number);
        }
        return cursor;
      }
    }
    StringBuilder text = new StringBuilder();
    for (long rest = number; rest > 0; rest /= RADIX) {
      int digit = (int) (rest % RADIX);
      if (digit == 0) {
        throw new IllegalArgumentException("no cursor has the number " + number);
      }
      text.append(ALPHABET.charAt(digit - 1));
    }
    return text.isEmpty() ? null : text.reverse().toString();
  }

  /**
   * Returns a key, or null if the store is empty. Successive calls continue one scan of all keys,
   * so that each is returned in turn.
   */
  public byte @Nullable [] randomKey(KvStore<byte[], byte[]> store) {
    String cursor = randomFrom;
    boolean fromStart = cursor == null;
    for (int i = 0; i < MAX_EMPTY_PAGES; i++) {
      Page<byte[], byte[]> page = store.page(KeyRange.all(), cursor, RANDOM_FROM);
      cursor = page.cursor();
      randomFrom = cursor;
      if (!page.entries().isEmpty()) {
        int index = ThreadLocalRandom.current().nextInt(page.entries().size());
        Entry<byte[], byte[]> entry = page.entries().get(index);
        return entry.key();
      }
      if (cursor == null && fromStart) {
        return null;
      }
      fromStart |= cursor == null;
    }
    return null;
  }
}
