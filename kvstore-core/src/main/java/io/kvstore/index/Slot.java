package io.kvstore.index;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.kvstore.record.Location;

/**
 * One long of a {@link KeyIndex}: 24 bits of the key's hash, its tag, above 40 bits of location;
 * and where in an array the search for a tag starts and goes on.
 */
public final class Slot {
  /** The values that tags have: 0 to one less than this. */
  public static final int TAGS = 1 << (Long.SIZE - Location.BITS);

  public static final long EMPTY = 0;

  /** No record has this location; it is in the header of a segment. */
  static final long DELETED = 1;

  private static final long LOCATION_MASK = (1L << Location.BITS) - 1;

  private Slot() {}

  static long of(long hash, long location) {
    return tagOf(hash) << Location.BITS | location;
  }

  public static long tagOf(long hash) {
    return hash >>> Location.BITS;
  }

  public static long tag(long slot) {
    return slot >>> Location.BITS;
  }

  public static long location(long slot) {
    return slot & LOCATION_MASK;
  }

  static boolean isEntry(long slot) {
    return location(slot) > DELETED;
  }

  /** Returns where the search for a tag starts. */
  public static int home(long tag, long[] array) {
    // In the order of the tags, so that a growing array is read and written front to back.
    return (int) ((tag * array.length) >>> (Long.SIZE - Location.BITS));
  }

  /** Returns where a search goes on. */
  public static int after(int i, long[] array) {
    return i + 1 == array.length ? 0 : i + 1;
  }

  /** Puts the slot of a key that is not there into an array that no reader sees yet. */
  @CanIgnoreReturnValue
  static int insert(long[] array, long slot) {
    int i = home(tag(slot), array);
    while (array[i] != EMPTY) {
      i = after(i, array);
    }
    array[i] = slot;
    return i;
  }

  /** Does the same for the first of many. */
  static void insert(long[] array, long[] slots, int count) {
    for (int i = 0; i < count; i++) {
      insert(array, slots[i]);
    }
  }
}
