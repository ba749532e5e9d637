package io.kvstore.index;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.platform.LongList;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The table of a {@link KeyIndex}: one array of slots, how it is filled, grown and loaded from a
 * checkpoint. {@link KeyIndex} adds the search by key.
 *
 * <p>A slot is published after its record. An array that has been replaced is never written again,
 * so what a reader finds in it was true when the reader started.
 */
public abstract sealed class SlotTable permits KeyIndex {
  /** The most slots: not more than tags. */
  public static final int MAX_SLOTS = Slot.TAGS - 2;

  /**
   * Two less than a power of two, as all lengths are: with its header of 16 bytes the array fills
   * regions of the heap exactly, where one more word would take a region to itself.
   */
  static final int MIN_SLOTS = 14;

  static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  private static final int SCANNED_SLOTS = 256;

  /** Stands for slots that are not loaded. */
  private static final long[] NOT_LOADED = {};

  private final int maxSlots;
  volatile long[] slots = new long[MIN_SLOTS];
  private volatile int entries;

  /** Slots that are not empty: entries and deleted ones. */
  private int used;

  private final Object loading = new Object();

  /** The slots of a checkpoint that are not loaded yet. */
  @GuardedBy("loading")
  private @Nullable StoredSlots notLoaded;

  SlotTable(int maxSlots) {
    this.maxSlots = maxSlots;
  }

  // ---- size

  public final int entries() {
    return entries;
  }

  public final int slots() {
    return array().length;
  }

  final int maxSlots() {
    return maxSlots;
  }

  public final long heapBytes() {
    return (long) Long.BYTES * array().length;
  }

  /** Returns how many entries an array of this length takes. */
  public static int capacity(int length) {
    return (int) (length * 7L / 10);
  }

  /** Returns the length of an array for this many entries; at most {@code maxSlots}. */
  static int lengthFor(int wanted, int length, int maxSlots) {
    // Half of the new array stays free for what comes, unless it is mostly deleted slots.
    int longer = length;
    while (wanted > capacity(longer) / 4 * 3 && longer < maxSlots) {
      longer = 2 * (longer + 2) - 2;
    }
    return longer;
  }

  // ---- scans

  /**
   * Returns the number of tags for one call of {@link IndexScan#records}, so that it finds some
   * hundreds of entries.
   */
  public final int tagsPerScan() {
    return tagsFor(SCANNED_SLOTS);
  }

  /** Returns the number of tags that have about this many slots. */
  public final int tagsFor(int slotCount) {
    return (int) Math.min(Slot.TAGS, Math.max(1L, Slot.TAGS / array().length) * slotCount);
  }

  /** Adds the slots of all entries with tags from {@code from} to {@code to - 1}. */
  public final void addSlots(int from, int to, LongList list) {
    TagRange.walk(
        array(),
        from,
        to,
        new TagRange.Visitor() {
          @Override
          public void visit(int i, long slot) {
            if (Slot.isEntry(slot)) {
              list.add(slot);
            }
          }
        });
  }

  // ---- changes, under the lock of the stripe

  /**
   * Requires that the index may have this many more entries.
   *
   * @throws KvStoreException if it may not
   */
  public final void requireRoomFor(int more) {
    if (entries + more > capacity(maxSlots)) {
      throw new KvStoreException(
          "a stripe can't have more than "
              + capacity(maxSlots)
              + " entries; a store can have more if it is created with more stripes");
    }
  }

  /** Makes room for more entries, so that this many calls of {@link #point} need no memory. */
  public final void ensureRoom(int more) {
    if (!hasRoom(more)) {
      int length = lengthFor(entries + more, array().length, maxSlots);
      if (length > array().length || used > entries) {
        rehash(length);
      }
    }
  }

  /** Returns whether there is room for more entries without {@link #ensureRoom}. */
  public final boolean hasRoom(int more) {
    return used + more <= capacity(array().length);
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

  /** Returns the slot at a position that {@link KeyIndex#locate} has returned. */
  public final long slotAt(int at) {
    return array()[at];
  }

  /**
   * Points a key at a location.
   *
   * @param at the position that {@link KeyIndex#locate} has returned since the last change
   */
  public final void point(int at, long hash, long location) {
    long[] array = array();
    if (at >= 0) {
      SLOT.setRelease(array, at, Slot.of(hash, location));
      return;
    }
    used += array[~at] == Slot.EMPTY ? 1 : 0;
    SLOT.setRelease(array, ~at, Slot.of(hash, location));
    count(1);
  }

  /** Removes the entry at a position that {@link KeyIndex#locate} has returned. */
  public final void remove(int at) {
    long[] array = array();
    count(-1);
    if (array[Slot.after(at, array)] != Slot.EMPTY) {
      SLOT.setRelease(array, at, Slot.DELETED);
      return;
    }
    // No search continues behind this slot, nor behind the deleted ones before it.
    int i = at;
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

  // ---- recovery and checkpoints

  /** Takes over the slots that recovery has built; before any reader. */
  final void install(long[] array, int usedSlots, int count) {
    slots = array;
    used = usedSlots;
    entries = count;
  }

  /** Leaves the slots of a checkpoint to {@link #load}, or to the first call that needs them. */
  final void restoreLater(StoredSlots stored) {
    synchronized (loading) {
      notLoaded = stored;
      slots = NOT_LOADED;
      used = stored.count();
      entries = stored.count();
    }
  }

  /**
   * Loads the slots that {@link #restoreLater} has left for later, unless they are loaded. May be
   * called by any thread.
   *
   * @return the slots
   * @throws CorruptStoreException if the checkpoint has changed; the next call tries again
   */
  public final long[] load() {
    synchronized (loading) {
      StoredSlots stored = notLoaded;
      if (stored != null) {
        long[] loaded = new long[lengthFor(stored.count(), MIN_SLOTS, maxSlots)];
        stored.copyTo(
            new StoredSlots.Taker() {
              @Override
              public void take(long[] copied, int length) {
                Slot.insert(loaded, copied, length);
              }
            });
        slots = loaded;
        notLoaded = null;
      }
      return slots;
    }
  }

  /** Returns whether {@link #load} has nothing to do. */
  public final boolean isLoaded() {
    return slots.length > 0;
  }

  /** Returns the slots, and loads them if necessary. */
  final long[] array() {
    long[] array = slots;
    return array.length == 0 ? load() : array;
  }
}
