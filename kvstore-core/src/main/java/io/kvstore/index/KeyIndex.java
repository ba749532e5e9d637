package io.kvstore.index;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.platform.LongList;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentReused;
import io.kvstore.segment.SegmentTable;
import io.kvstore.stripe.Stripe;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
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
public final class KeyIndex {
  /** The most slots: not more than tags. */
  public static final int MAX_SLOTS = Slot.TAGS - 2;

  /**
   * Two less than a power of two, as all lengths are: with its header of 16 bytes the array fills
   * regions of the heap exactly, where one more word would take a region to itself.
   */
  static final int MIN_SLOTS = 14;

  private static final int SCANNED_SLOTS = 256;

  /** A random number. */
  private static final long UNLIKELY = 0x7C9E_31F5_D2A8_640BL;

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  /** What there is instead of slots that are not loaded. */
  private static final long[] NOT_LOADED = {};

  private final SegmentTable segments;
  private final int maxSlots;
  private volatile long[] slots = new long[MIN_SLOTS];
  private volatile int entries;

  /** Slots that are not empty: entries and deleted ones. */
  private int used;

  /** Whether {@link #locate} has found a damaged record. */
  private boolean isDamaged;

  private final Object loading = new Object();

  /** Where the slots are that are not loaded yet. */
  @GuardedBy("loading")
  private @Nullable StoredSlots notLoaded;

  public KeyIndex(SegmentTable segments) {
    this(segments, MAX_SLOTS);
  }

  /** With fewer slots than there can be: two less than a power of two. */
  public KeyIndex(SegmentTable segments, int maxSlots) {
    this.segments = segments;
    this.maxSlots = maxSlots;
  }

  // ---- readers

  /**
   * Returns the record of a key, or null if it has none.
   *
   * @throws CorruptStoreException if nothing tells: a damaged record may be the key's
   * @throws SegmentReused if a record was moved while it was looked at
   */
  public @Nullable RecordView find(long hash, byte[] key) {
    long[] array = array();
    long tag = Slot.tagOf(hash);
    RecordView damaged = null;
    int i = Slot.home(tag, array);
    for (; ; ) {
      long slot = (long) SLOT.getAcquire(array, i);
      if (slot == Slot.EMPTY) {
        if (damaged != null) {
          throw segments.damaged(damaged);
        }
        return null;
      }
      if (Slot.tag(slot) == tag && slot != Slot.DELETED) {
        RecordView record = segments.find(Slot.location(slot));
        if (record == null || !stillHolds(array, i, slot)) {
          // Compaction has moved the record, or a writer has replaced it: from the start.
          array = array();
          i = Slot.home(tag, array);
          damaged = null;
          continue;
        }
        if (!record.isWhole()) {
          damaged = record;
        } else {
          if (record.fetch() == UNLIKELY) {
            Thread.onSpinWait(); // never, but the compiler can't know
          }
          if (record.holds(key)) {
            return record;
          }
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

  public int entries() {
    return entries;
  }

  public int slots() {
    return array().length;
  }

  public long heapBytes() {
    return (long) Long.BYTES * array().length;
  }

  /**
   * Returns how many tags to ask {@link #records} for at a time, so that an answer has some
   * hundreds of entries.
   */
  public int tagsPerScan() {
    return tagsFor(SCANNED_SLOTS);
  }

  /** Returns how many tags so many slots are for. */
  public int tagsFor(int slotCount) {
    return (int) Math.min(Slot.TAGS, Math.max(1L, Slot.TAGS / array().length) * slotCount);
  }

  /** Returns the same as {@link #records(int, int, PinnedRecords)}, while nothing is dropped. */
  public List<RecordView> records(int from, int to) {
    try (PinnedRecords found = new PinnedRecords()) {
      records(from, to, found);
      return List.copyOf(found.list());
    }
  }

  /**
   * Collects the records of all entries with tags from {@code from} to {@code to - 1}: each entry
   * that is there during the whole call exactly once. Nobody has looked whether one is damaged.
   *
   * @param found gets them, in place of all that it has
   */
  public void records(int from, int to, PinnedRecords found) {
    do {
      found.clear();
    } while (!collect(array(), from, to, found));
  }

  /** Collects records, unless the array is replaced meanwhile. */
  private boolean collect(long[] array, int from, int to, PinnedRecords found) {
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
        boolean isHeld = record != null && found.add(record);
        if (slots != array) {
          return false;
        }
        if (!isHeld || (long) SLOT.getAcquire(array, wrapped) != slot) {
          // The slot says something else by now: once more.
          if (isHeld) {
            found.removeLast();
          }
          n--;
          i--;
        }
      }
    }
    return true;
  }

  // ---- under the lock

  /**
   * Makes sure that an index may have so many entries more than it has.
   *
   * @throws KvStoreException if it may not
   */
  public void requireRoomFor(int more) {
    if (entries + more > capacity(maxSlots)) {
      throw new KvStoreException(
          "a stripe can't have more than "
              + capacity(maxSlots)
              + " entries; a store can have more if it is created with more stripes");
    }
  }

  /** Makes room for more entries, so that as many {@link #point} need no memory. */
  public void ensureRoom(int more) {
    if (!hasRoom(more)) {
      int length = lengthFor(entries + more, array().length, maxSlots);
      if (length > array().length || used > entries) {
        rehash(length);
      }
    }
  }

  /** Tells whether there is room for more entries as it is. */
  public boolean hasRoom(int more) {
    return used + more <= capacity(array().length);
  }

  public static int capacity(int length) {
    return (int) (length * 7L / 10);
  }

  /** Returns how long an array of at most so many slots is made for so many entries. */
  static int lengthFor(int wanted, int length, int maxSlots) {
    // Half of the new array stays free for what comes, unless it is mostly deleted slots.
    int longer = length;
    while (wanted > capacity(longer) / 4 * 3 && longer < maxSlots) {
      longer = 2 * (longer + 2) - 2;
    }
    return longer;
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

  /**
   * Returns where the slot of a key is, or, if it has none, the complement of where it would go. A
   * damaged record that may be the key's is taken for it, if the key has no other: it can be
   * replaced.
   */
  public int locate(long hash, byte[] key) {
    long[] array = array();
    long tag = Slot.tagOf(hash);
    int free = -1;
    int damaged = -1;
    isDamaged = false;
    int i = Slot.home(tag, array);
    for (; array[i] != Slot.EMPTY; i = Slot.after(i, array)) {
      long slot = array[i];
      if (slot == Slot.DELETED) {
        free = free < 0 ? i : free;
      } else if (Slot.tag(slot) == tag) {
        RecordView record = segments.at(Slot.location(slot));
        if (!record.isWhole()) {
          damaged = damaged < 0 || record.mayHold(key) ? i : damaged;
        } else if (record.holds(key)) {
          return i;
        }
      }
    }
    isDamaged = damaged >= 0;
    return damaged >= 0 ? damaged : ~(free < 0 ? i : free);
  }

  /** Tells whether the record of the slot that was located last is damaged. */
  public boolean isLocatedDamaged() {
    return isDamaged;
  }

  /** Returns a slot by where it was located. */
  public long slotAt(int at) {
    return array()[at];
  }

  /** Points a key at a location, where it has been located since the last change. */
  public void point(int at, long hash, long location) {
    long[] array = array();
    if (at >= 0) {
      SLOT.setRelease(array, at, Slot.of(hash, location));
      return;
    }
    used += array[~at] == Slot.EMPTY ? 1 : 0;
    SLOT.setRelease(array, ~at, Slot.of(hash, location));
    count(1);
  }

  /** Removes the slot that was located. */
  public void remove(int at) {
    removeAt(array(), at);
  }

  /** Points the entry that points at a location at another, and returns whether there is one. */
  public boolean move(long hash, long from, long to) {
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
  public long fetch(long hash) {
    long[] array = array();
    return array[Slot.home(Slot.tagOf(hash), array)];
  }

  /** Tells whether an entry points at a location; to be called by any thread. */
  public boolean pointsAt(long hash, long location) {
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

  /** Takes over what recovery has found; before any reader. */
  void install(long[] array, int usedSlots, int count) {
    slots = array;
    used = usedSlots;
    entries = count;
  }

  // ---- for snapshots and checkpoints

  /** Adds the slots of all entries with tags from {@code from} to {@code to - 1}. */
  public void addSlots(int from, int to, LongList list) {
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

  /**
   * Takes in what {@link #restoreLater} has left for later, if it has not been; to be called by any
   * thread.
   *
   * @return the slots
   * @throws CorruptStoreException if they are not what they were; they are asked for again then
   */
  public long[] load() {
    synchronized (loading) {
      StoredSlots stored = notLoaded;
      if (stored != null) {
        long[] loaded = new long[lengthFor(stored.count(), MIN_SLOTS, maxSlots)];
        stored.copyTo((copied, length) -> Slot.insert(loaded, copied, length));
        slots = loaded;
        notLoaded = null;
      }
      return slots;
    }
  }

  /** Tells whether {@link #load} has nothing to do. */
  public boolean isLoaded() {
    return slots.length > 0;
  }

  int maxSlots() {
    return maxSlots;
  }

  /** Returns the slots, which are loaded now. */
  long[] array() {
    long[] array = slots;
    return array.length == 0 ? load() : array;
  }
}
