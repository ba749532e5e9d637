package io.kvstore.engine;

import io.kvstore.KvStoreException;
import io.kvstore.log.RecordView;
import io.kvstore.log.Segments;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * From key to location, for one stripe: open addressing with linear probing in one array of longs.
 *
 * <p>The highest bits of a {@link Slot}'s tag say where the search starts, so the index grows
 * without reading a record; the rest tells most other keys apart without a look at theirs.
 *
 * <p>Readers take no lock: a slot is published after its record, and an array that has been
 * replaced is never written again, so what a reader finds in it was true when the reader started.
 * What changes the index is called under the lock of the {@link Stripe}.
 */
final class KeyIndex {
  /** The most slots: not more than tags. */
  static final int MAX_SLOTS = Slot.TAGS - 2;

  /**
   * Two less than a power of two, as all lengths are: with its header of 16 bytes the array fills
   * regions of the heap exactly, where one more word would take a region to itself.
   */
  private static final int MIN_SLOTS = 14;

  private static final int SCANNED_SLOTS = 256;

  /** A random number. */
  private static final long UNLIKELY = 0x7C9E_31F5_D2A8_640BL;

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
    long tag = Slot.tagOf(hash);
    for (int i = Slot.home(tag, array); ; i = Slot.after(i, array)) {
      long slot = (long) SLOT.getAcquire(array, i);
      if (slot == Slot.EMPTY) {
        return null;
      }
      if (Slot.tag(slot) == tag && slot != Slot.DELETED) {
        RecordView record = segments.at(Slot.location(slot));
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
    return tagsFor(SCANNED_SLOTS);
  }

  /** Returns how many tags so many slots are for. */
  int tagsFor(int slotCount) {
    return (int) Math.min(Slot.TAGS, Math.max(1L, Slot.TAGS / slots.length) * slotCount);
  }

  /**
   * Returns the locations of all entries with tags from {@code from} to {@code to - 1}: each entry
   * that is there during the whole call exactly once.
   */
  long[] locations(int from, int to) {
    long[] array = slots;
    int lastHome = Slot.home(to - 1, array);
    long[] found = new long[SCANNED_SLOTS];
    int count = 0;
    for (int n = 0, i = Slot.home(from, array); n < array.length; n++, i++) {
      int wrapped = i < array.length ? i : i - array.length;
      long slot = (long) SLOT.getAcquire(array, wrapped);
      if (slot == Slot.EMPTY && i >= lastHome) {
        break;
      }
      long tag = Slot.tag(slot);
      if (tag >= from && tag < to && Slot.isEntry(slot)) {
        if (count == found.length) {
          found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = Slot.location(slot);
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
      if (Slot.isEntry(slot)) {
        Slot.insert(grown, slot);
      }
    }
    used = entries;
    slots = grown;
  }

  /** Points a key at a location, and returns the slot that pointed elsewhere, or none. */
  long put(long hash, byte[] key, long location) {
    long[] array = slots;
    long tag = Slot.tagOf(hash);
    long put = Slot.of(hash, location);
    int free = -1;
    for (int i = Slot.home(tag, array); ; i = Slot.after(i, array)) {
      long slot = array[i];
      if (slot == Slot.EMPTY) {
        if (free < 0) {
          free = i;
          used++;
        }
        SLOT.setRelease(array, free, put);
        count(1);
        return Slot.EMPTY;
      }
      if (slot == Slot.DELETED) {
        free = free < 0 ? i : free;
      } else if (Slot.tag(slot) == tag) {
        RecordView record = segments.at(Slot.location(slot));
        if (record.holds(key)) {
          SLOT.setRelease(array, i, put);
          return slot;
        }
      }
    }
  }

  /** Removes a key, and returns the slot that it had, or none. */
  long remove(long hash, byte[] key) {
    long[] array = slots;
    long tag = Slot.tagOf(hash);
    for (int i = Slot.home(tag, array); array[i] != Slot.EMPTY; i = Slot.after(i, array)) {
      long slot = array[i];
      if (slot != Slot.DELETED && Slot.tag(slot) == tag) {
        RecordView record = segments.at(Slot.location(slot));
        if (record.holds(key)) {
          removeAt(array, i);
          return slot;
        }
      }
    }
    return Slot.EMPTY;
  }

  /** Removes the entry that points at a location, if there is one. */
  void remove(long hash, long location) {
    long[] array = slots;
    long wanted = Slot.of(hash, location);
    for (int i = Slot.home(Slot.tagOf(hash), array);
        array[i] != Slot.EMPTY;
        i = Slot.after(i, array)) {
      if (array[i] == wanted) {
        removeAt(array, i);
        return;
      }
    }
  }

  /** Tells whether the entry of a key points at a location. */
  boolean pointsAt(long hash, long location) {
    long[] array = slots;
    long wanted = Slot.of(hash, location);
    int i = Slot.home(Slot.tagOf(hash), array);
    while (array[i] != Slot.EMPTY && array[i] != wanted) {
      i = Slot.after(i, array);
    }
    return array[i] == wanted;
  }

  private void removeAt(long[] array, int i) {
    count(-1);
    if (array[Slot.after(i, array)] != Slot.EMPTY) {
      SLOT.setRelease(array, i, Slot.DELETED);
      return;
    }
    // No search goes on behind this one, nor behind the deleted ones before it.
    do {
      SLOT.setRelease(array, i, Slot.EMPTY);
      used--;
      i = (i == 0 ? array.length : i) - 1;
    } while (array[i] == Slot.DELETED);
  }

  private void count(int change) {
    int now = entries;
    entries = now + change;
  }

  // ---- recovery

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
      touched |= array[Slot.home(Slot.tag(changes.slot(i)), array)];
    }
    recoveredSlots = touched;
    for (int i = 0; i < changes.count(); i++) {
      recover(array, changes.slot(i));
    }
  }

  private void recover(long[] array, long foundSlot) {
    long tag = Slot.tag(foundSlot);
    for (int i = Slot.home(tag, array); ; i = Slot.after(i, array)) {
      long slot = array[i];
      if (slot == Slot.EMPTY) {
        array[i] = foundSlot;
        used++;
        count(1);
        return;
      }
      if (Slot.tag(slot) == tag) {
        RecordView known = segments.at(Slot.location(slot));
        RecordView found = segments.at(Slot.location(foundSlot));
        if (found.hasKeyOf(known)) {
          boolean later = found.sequence() > known.sequence();
          (later ? known : found).becomeStale();
          array[i] = later ? foundSlot : slot;
          return;
        }
      }
    }
  }

  // ---- for snapshots and checkpoints

  /** Adds the slots of all entries with tags from {@code from} to {@code to - 1}. */
  void addSlots(int from, int to, LongList list) {
    TagRange.walk(
        slots,
        from,
        to,
        (i, slot) -> {
          if (Slot.isEntry(slot)) {
            list.add(slot);
          }
        });
  }

  /** Takes in slots that were copied, each of a key that is not there; there is room for them. */
  void restore(LongBuffer copied) {
    long[] array = slots;
    int count = copied.remaining();
    while (copied.hasRemaining()) {
      Slot.insert(array, copied.get());
    }
    used += count;
    count(count);
  }
}
