package io.kvstore.index;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.kvstore.record.Location;

/**
 * A slot of a {@link KeyIndex}, which is a long: 24 bits of the key's hash, its tag, above 40 bits
 * of location; and the probe sequence of a tag in an array.
 */
public final class Slot {
  /** The number of tag values. */
  public static final int TAGS = 1 << (Long.SIZE - Location.BITS);

  public static final long EMPTY = 0;

  /** The location of a deleted slot; it is in the header of a segment, so no record has it. */
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

  /** Returns the index at which the search for a tag starts. */
  public static int home(long tag, long[] array) {
    // In the order of the tags, so that growing an array reads and writes sequentially.
    return (int) ((tag * array.length) >>> (Long.SIZE - Location.BITS));
  }

  /** Returns the next index of a search. */
  public static int after(int i, long[] array) {
    return i + 1 == array.length ? 0 : i + 1;
  }

  /** Inserts the slot of an absent key into an array that has no readers yet. */
  @CanIgnoreReturnValue
  static int insert(long[] array, long slot) {
    int i = home(tag(slot), array);
    while (array[i] != EMPTY) {
      i = after(i, array);
    }
    array[i] = slot;
    return i;
  }

  /** Inserts the first {@code count} slots of many likewise. */
  static void insert(long[] array, long[] slots, int count) {
    for (int i = 0; i < count; i++) {
      insert(array, slots[i]);
    }
  }
}
