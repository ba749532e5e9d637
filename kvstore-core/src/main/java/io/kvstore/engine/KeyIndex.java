package io.kvstore.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.log.RecordView;
import io.kvstore.log.Segments;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongPredicate;
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

  /** What there is instead of slots that are not loaded. */
  private static final long[] NOT_LOADED = {};

  private final Segments segments;
  private volatile long[] slots = new long[MIN_SLOTS];
  private volatile int entries;

  /** Written so that the reads before it are not left out. */
  @SuppressWarnings("unused")
  private long recoveredSlots;

  /** Slots that are not empty: entries and deleted ones. */
  private int used;

  private final Object loading = new Object();

  /** Where the slots are that are not loaded yet. */
  @GuardedBy("loading")
  private @Nullable StoredSlots notLoaded;

  KeyIndex(Segments segments) {
    this.segments = segments;
  }

  // ---- readers

  @Nullable RecordView find(long hash, byte[] key) {
    long[] array = array();
    long tag = Slot.tagOf(hash);
    int i = Slot.home(tag, array);
    for (; ; ) {
      long slot = (long) SLOT.getAcquire(array, i);
      if (slot == Slot.EMPTY) {
        return null;
      }
      if (Slot.tag(slot) == tag && slot != Slot.DELETED) {
        RecordView record = segments.find(Slot.location(slot));
        if (record == null || !stillHolds(array, i, slot)) {
          // Compaction has moved the record, or a writer has replaced it: from the start.
          array = array();
          i = Slot.home(tag, array);
          continue;
        }
        record.check();
        if (record.fetch() == UNLIKELY) {
          Thread.onSpinWait(); // never, but the compiler can't know
        }
        if (record.holds(key)) {
          return record;
        }
      }
      i = Slot.after(i, array);
    }
  }

  /**
   * Tells whether a slot still is what it was, so that what was found at its location meanwhile is
   * the record that it means: a place is emptied and taken again only after no slot points there.
   */
  private boolean stillHolds(long[] array, int i, long slot) {
    return (long) SLOT.getAcquire(array, i) == slot && slots == array;
  }

  int entries() {
    return entries;
  }

  int slots() {
    return array().length;
  }

  long heapBytes() {
    return (long) Long.BYTES * array().length;
  }

  /**
   * Returns how many tags to ask {@link #records} for at a time, so that an answer has some
   * hundreds of entries.
   */
  int tagsPerScan() {
    return tagsFor(SCANNED_SLOTS);
  }

  /** Returns how many tags so many slots are for. */
  int tagsFor(int slotCount) {
    return (int) Math.min(Slot.TAGS, Math.max(1L, Slot.TAGS / array().length) * slotCount);
  }

  /**
   * Returns the records of all entries with tags from {@code from} to {@code to - 1}: each entry
   * that is there during the whole call exactly once.
   */
  List<RecordView> records(int from, int to) {
    for (; ; ) {
      List<RecordView> found = new ArrayList<>();
      if (collect(array(), from, to, found)) {
        return found;
      }
    }
  }

  /** Collects records, unless the array is replaced meanwhile. */
  private boolean collect(long[] array, int from, int to, List<RecordView> found) {
    int lastHome = Slot.home(to - 1, array);
    for (int n = 0, i = Slot.home(from, array); n < array.length; n++, i++) {
      int wrapped = i < array.length ? i : i - array.length;
      long slot = (long) SLOT.getAcquire(array, wrapped);
      if (slot == Slot.EMPTY && i >= lastHome) {
        break;
      }
      long tag = Slot.tag(slot);
      if (tag >= from && tag < to && Slot.isEntry(slot)) {
        RecordView record = segments.find(Slot.location(slot));
        if (slots != array) {
          return false;
        }
        if (record == null || (long) SLOT.getAcquire(array, wrapped) != slot) {
          // The slot says something else by now: once more.
          n--;
          i--;
          continue;
        }
        record.check();
        found.add(record);
      }
    }
    return true;
  }

  // ---- under the lock

  /**
   * Makes room for more entries, so that as many {@link #put} can't fail.
   *
   * @throws KvStoreException if the index can't have so many
   */
  void ensureRoom(int more) {
    if (!hasRoom(more)) {
      rehash(lengthFor(entries + more, array().length));
    }
  }

  /** Tells whether there is room for more entries as it is. */
  boolean hasRoom(int more) {
    return used + more <= capacity(array().length);
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
    for (long slot : array()) {
      if (Slot.isEntry(slot)) {
        Slot.insert(grown, slot);
      }
    }
    used = entries;
    slots = grown;
  }

  /** Points a key at a location, and returns the slot that pointed elsewhere, or none. */
  long put(long hash, byte[] key, long location) {
    long[] array = array();
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
    long[] array = array();
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
    long[] array = array();
    int i = slotOf(array, Slot.of(hash, location));
    if (i >= 0) {
      removeAt(array, i);
    }
  }

  /** Points the entry that points at a location at another, and returns whether there is one. */
  boolean move(long hash, long from, long to) {
    long[] array = array();
    int i = slotOf(array, Slot.of(hash, from));
    if (i >= 0) {
      SLOT.setRelease(array, i, Slot.of(hash, to));
    }
    return i >= 0;
  }

  /**
   * Looks at where the search for a hash starts, which brings it into the processor's cache: many
   * such looks run side by side, where searches wait one for the other.
   *
   * @return what is there; to be used, or the compiler leaves the look out
   */
  long fetch(long hash) {
    long[] array = array();
    return array[Slot.home(Slot.tagOf(hash), array)];
  }

  /** Tells whether an entry points at a location; to be called by any thread. */
  boolean pointsAt(long hash, long location) {
    return slotOf(array(), Slot.of(hash, location)) >= 0;
  }

  private static int slotOf(long[] array, long wanted) {
    for (int i = Slot.home(Slot.tag(wanted), array); ; i = Slot.after(i, array)) {
      long slot = (long) SLOT.getAcquire(array, i);
      if (slot == wanted || slot == Slot.EMPTY) {
        return slot == wanted ? i : -1;
      }
    }
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
    long[] array = array();
    long touched = 0;
    for (int i = 0; i < changes.count(); i++) {
      // Brings the slots into the processor's cache, many at a time: nothing here waits for one.
      touched |= array[Slot.home(Slot.tag(changes.slot(i)), array)];
    }
    for (int i = 0; i < changes.count(); i++) {
      touched |= fetchKnown(array, Slot.tag(changes.slot(i)));
    }
    recoveredSlots = touched;
    for (int i = 0; i < changes.count(); i++) {
      recover(array, changes.slot(i));
    }
  }

  /** Looks at the record that a change with this tag will be compared with, if there is one. */
  private long fetchKnown(long[] array, long tag) {
    for (int i = Slot.home(tag, array); array[i] != Slot.EMPTY; i = Slot.after(i, array)) {
      if (Slot.tag(array[i]) == tag) {
        RecordView known = segments.find(Slot.location(array[i]));
        return known == null ? 0 : known.sequence();
      }
    }
    return 0;
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
        RecordView known = Objects.requireNonNull(segments.find(Slot.location(slot)));
        RecordView found = segments.at(Slot.location(foundSlot));
        boolean same = found.hasKeyOf(known);
        boolean later = same && found.sequence() > known.sequence();
        if (!later) {
          known.check(); // or damage that nobody has looked for yet might decide
        }
        if (same) {
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
        array(),
        from,
        to,
        (i, slot) -> {
          if (Slot.isEntry(slot)) {
            list.add(slot);
          }
        });
  }

  /** Takes in the slots of a checkpoint once they are needed, or {@link #load} is called. */
  void restoreLater(StoredSlots stored) {
    synchronized (loading) {
      notLoaded = stored;
      slots = NOT_LOADED;
      used = stored.count();
      entries = stored.count();
    }
  }

  /** Takes in the slots of a checkpoint now, those with locations that are good. */
  void restore(StoredSlots stored, LongPredicate isThere) {
    ensureRoom(stored.count());
    stored.copyTo(
        (copied, length) -> {
          int count = 0;
          for (int i = 0; i < length; i++) {
            if (isThere.test(Slot.location(copied[i]))) {
              copied[count++] = copied[i];
            }
          }
          Slot.insert(slots, copied, count);
          used += count;
          count(count);
        });
  }

  /**
   * Takes in what {@link #restoreLater} has left for later, if it has not been; to be called by any
   * thread.
   *
   * @return the slots
   * @throws CorruptStoreException if they are not what they were; they are asked for again then
   */
  long[] load() {
    synchronized (loading) {
      StoredSlots stored = notLoaded;
      if (stored != null) {
        long[] loaded = new long[lengthFor(stored.count(), MIN_SLOTS)];
        stored.copyTo((copied, length) -> Slot.insert(loaded, copied, length));
        slots = loaded;
        notLoaded = null;
      }
      return slots;
    }
  }

  /** Tells whether {@link #load} has nothing to do. */
  boolean isLoaded() {
    return slots.length > 0;
  }

  /** Returns the slots, which are loaded now. */
  private long[] array() {
    long[] array = slots;
    return array.length == 0 ? load() : array;
  }
}
