package io.kvstore.engine;

import io.kvstore.KvStoreException;
import io.kvstore.log.Location;
import io.kvstore.log.RecordView;
import io.kvstore.log.Segments;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * From key to location, for one stripe: open addressing with linear probing in one array of longs.
 *
 * <p>A slot has 24 bits of the key's hash, its tag, above 40 bits of location. The highest bits of
 * the tag say where the search starts, so the index grows without reading a record; the rest tells
 * most other keys apart without a look at theirs.
 *
 * <p>Readers take no lock: a slot is published after its record, and an array that has been
 * replaced is never written again, so what a reader finds in it was true when the reader started.
 * What changes the index is called under the lock of the {@link Stripe}.
 */
final class KeyIndex {
  /** The values that tags have: 0 to one less than this. */
  static final int TAGS = 1 << (Long.SIZE - Location.BITS);

  /** The most slots: not more than tags. */
  static final int MAX_SLOTS = TAGS - 2;

  /**
   * Two less than a power of two, as all lengths are: with its header of 16 bytes the array fills
   * regions of the heap exactly, where one more word would take a region to itself.
   */
  private static final int MIN_SLOTS = 14;

  private static final int SCANNED_SLOTS = 256;

  private static final long EMPTY = 0;

  /** No record has this location; it is in the header of a segment. */
  private static final long DELETED = 1;

  /** A random number. */
  private static final long UNLIKELY = 0x7C9E_31F5_D2A8_640BL;

  private static final long LOCATION_MASK = (1L << Location.BITS) - 1;

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  private final Segments segments;
  private volatile long[] slots = new long[MIN_SLOTS];
  private volatile int entries;

  /** Written so that the reads before it are not left out. */
  @SuppressWarnings("unused")
  private long recoveredSlots;

  /** Slots that are not empty: entries and deleted ones. */
  private int used;

  KeyIndex(Segments segments) {
    this.segments = segments;
  }

  // ---- readers

  @Nullable RecordView find(long hash, byte[] key) {
    long[] array = slots;
    long tag = tag(hash);
    for (int i = home(tag, array); ; i = after(i, array)) {
      long slot = (long) SLOT.getAcquire(array, i);
      if (slot == EMPTY) {
        return null;
      }
      if (slot >>> Location.BITS == tag && slot != DELETED) {
        RecordView record = segments.at(slot & LOCATION_MASK);
        if (record.fetch() == UNLIKELY) {
          Thread.onSpinWait(); // never, but the compiler can't know
        }
        if (record.holds(key)) {
          return record;
        }
      }
    }
  }

  int entries() {
    return entries;
  }

  long heapBytes() {
    return (long) Long.BYTES * slots.length;
  }

  /**
   * Returns how many tags to ask {@link #locations} for at a time, so that an answer has some
   * hundreds of entries.
   */
  int tagsPerScan() {
    return Math.max(1, TAGS / slots.length) * SCANNED_SLOTS;
  }

  /**
   * Returns the locations of all entries with tags from {@code from} to {@code to - 1}: each entry
   * that is there during the whole call exactly once.
   */
  long[] locations(int from, int to) {
    long[] array = slots;
    int lastHome = home(to - 1, array);
    long[] found = new long[SCANNED_SLOTS];
    int count = 0;
    for (int n = 0, i = home(from, array); n < array.length; n++, i++) {
      int wrapped = i < array.length ? i : i - array.length;
      long slot = (long) SLOT.getAcquire(array, wrapped);
      if (slot == EMPTY && i >= lastHome) {
        break;
      }
      long tag = slot >>> Location.BITS;
      if (tag >= from && tag < to && (slot & LOCATION_MASK) > DELETED) {
        if (count == found.length) {
          found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = slot & LOCATION_MASK;
      }
    }
    return Arrays.copyOf(found, count);
  }

  // ---- under the lock

  /**
   * Makes room for more entries, so that as many {@link #put} can't fail.
   *
   * @throws KvStoreException if the index can't have so many
   */
  void ensureRoom(int more) {
    int length = slots.length;
    if (used + more > capacity(length)) {
      rehash(lengthFor(entries + more, length));
    }
  }

  private static int capacity(int length) {
    return (int) (length * 7L / 10);
  }

  private static int lengthFor(int wanted, int length) {
    // Half of the new array stays free for what comes, unless it is mostly deleted slots.
    while (wanted > capacity(length) / 4 * 3) {
      if (length == MAX_SLOTS) {
        if (wanted <= capacity(length)) {
          return length;
        }
        throw new KvStoreException(
            "a stripe can't have more than "
                + capacity(length)
                + " entries; a store can have more"
                + " if it is created with more stripes");
      }
      length = 2 * (length + 2) - 2;
    }
    return length;
  }

  private void rehash(int length) {
    long[] grown = new long[length];
    for (long slot : slots) {
      if ((slot & LOCATION_MASK) > DELETED) {
        insert(grown, slot);
      }
    }
    used = entries;
    slots = grown;
  }

  /** Puts a slot of a key that is not there into an array that is not yet shown to readers. */
  private static void insert(long[] array, long slot) {
    int i = home(slot >>> Location.BITS, array);
    while (array[i] != EMPTY) {
      i = after(i, array);
    }
    array[i] = slot;
  }

  // ---- for a checkpoint

  int slotCount() {
    return slots.length;
  }

  /**
   * Copies the slots of entries, from a place in the array on, until the buffer is full.
   *
   * @return where to go on
   */
  int copyEntries(int from, ByteBuffer to) {
    long[] array = slots;
    int i = from;
    for (; i < array.length && to.remaining() >= Long.BYTES; i++) {
      if ((array[i] & LOCATION_MASK) > DELETED) {
        to.putLong(array[i]);
      }
    }
    return i;
  }

  /** Takes in slots that were copied, each of a key that is not there; there is room for them. */
  void restore(LongBuffer copied) {
    long[] array = slots;
    int count = copied.remaining();
    while (copied.hasRemaining()) {
      insert(array, copied.get());
    }
    used += count;
    count(count);
  }

  /** Points a key at a location, and returns the record it pointed at, or null. */
  @Nullable RecordView put(long hash, byte[] key, long location) {
    long[] array = slots;
    long tag = tag(hash);
    long put = slot(hash, location);
    int free = -1;
    for (int i = home(tag, array); ; i = after(i, array)) {
      long slot = array[i];
      if (slot == EMPTY) {
        if (free < 0) {
          free = i;
          used++;
        }
        SLOT.setRelease(array, free, put);
        count(1);
        return null;
      }
      if (slot == DELETED) {
        free = free < 0 ? i : free;
      } else if (slot >>> Location.BITS == tag) {
        RecordView record = segments.at(slot & LOCATION_MASK);
        if (record.holds(key)) {
          SLOT.setRelease(array, i, put);
          return record;
        }
      }
    }
  }

  /**
   * Takes in changes of any age, found by recovery: of each key the latest is kept. A tombstone is
   * kept like a put, so that it hides older puts that are yet to be found, until {@link
   * #remove(long, long)}.
   */
  void recover(FoundChanges changes) {
    ensureRoom(changes.count());
    long[] array = slots;
    long touched = 0;
    for (int i = 0; i < changes.count(); i++) {
      // Brings the slots into the processor's cache, many at a time: nothing here waits for one.
      touched |= array[home(changes.slot(i) >>> Location.BITS, array)];
    }
    recoveredSlots = touched;
    for (int i = 0; i < changes.count(); i++) {
      recover(array, changes.slot(i));
    }
  }

  private void recover(long[] array, long foundSlot) {
    long tag = foundSlot >>> Location.BITS;
    for (int i = home(tag, array); ; i = after(i, array)) {
      long slot = array[i];
      if (slot == EMPTY) {
        array[i] = foundSlot;
        used++;
        count(1);
        return;
      }
      if (slot >>> Location.BITS == tag) {
        RecordView known = segments.at(slot & LOCATION_MASK);
        RecordView found = segments.at(foundSlot & LOCATION_MASK);
        if (found.hasKeyOf(known)) {
          boolean later = found.sequence() > known.sequence();
          (later ? known : found).becomeStale();
          array[i] = later ? foundSlot : slot;
          return;
        }
      }
    }
  }

  /** Removes a key, and returns the record it pointed at, or null. */
  @Nullable RecordView remove(long hash, byte[] key) {
    long[] array = slots;
    long tag = tag(hash);
    for (int i = home(tag, array); array[i] != EMPTY; i = after(i, array)) {
      long slot = array[i];
      if (slot != DELETED && slot >>> Location.BITS == tag) {
        RecordView record = segments.at(slot & LOCATION_MASK);
        if (record.holds(key)) {
          removeAt(array, i);
          return record;
        }
      }
    }
    return null;
  }

  /** Removes the entry that points at a location, if there is one. */
  void remove(long hash, long location) {
    long[] array = slots;
    long wanted = slot(hash, location);
    for (int i = home(tag(hash), array); array[i] != EMPTY; i = after(i, array)) {
      if (array[i] == wanted) {
        removeAt(array, i);
        return;
      }
    }
  }

  private void removeAt(long[] array, int i) {
    count(-1);
    if (array[after(i, array)] != EMPTY) {
      SLOT.setRelease(array, i, DELETED);
      return;
    }
    // No search goes on behind this one, nor behind the deleted ones before it.
    do {
      SLOT.setRelease(array, i, EMPTY);
      used--;
      i = (i == 0 ? array.length : i) - 1;
    } while (array[i] == DELETED);
  }

  private void count(int change) {
    int now = entries;
    entries = now + change;
  }

  static long slot(long hash, long location) {
    return tag(hash) << Location.BITS | location;
  }

  private static long tag(long hash) {
    return hash >>> Location.BITS;
  }

  private static int after(int i, long[] array) {
    return i + 1 == array.length ? 0 : i + 1;
  }

  private static int home(long tag, long[] array) {
    // In the order of the tags, so that a growing array is read and written front to back.
    return (int) ((tag * array.length) >>> (Long.SIZE - Location.BITS));
  }
}
