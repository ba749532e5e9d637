package io.kvstore.index;

import io.kvstore.CorruptStoreException;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentReused;
import io.kvstore.segment.SegmentTable;
import org.jspecify.annotations.Nullable;

/**
 * The index of one stripe: a hash table from key to location, with open addressing and linear
 * probing in one array of longs.
 *
 * <p>The highest bits of a {@link Slot}'s tag say where the search starts, so the index grows
 * without reading a record; the other bits rule out most other keys without a look at their
 * records.
 *
 * <p>Readers take no lock; see {@link SlotTable}. Methods that change the index are called under
 * the lock of the {@link io.kvstore.stripe.Stripe}.
 */
public final class KeyIndex extends SlotTable {
  /** A random number. */
  private static final long UNLIKELY = 0x7C9E_31F5_D2A8_640BL;

  private final SegmentTable segments;

  /** Whether {@link #locate} has found a damaged record. */
  private boolean isDamaged;

  public KeyIndex(SegmentTable segments) {
    this(segments, MAX_SLOTS);
  }

  /** Creates an index with fewer slots: two less than a power of two. */
  public KeyIndex(SegmentTable segments, int maxSlots) {
    super(maxSlots);
    this.segments = segments;
  }

  SegmentTable segments() {
    return segments;
  }

  // ---- readers, without a lock

  /**
   * Returns the record of a key, or null if it has none.
   *
   * @throws CorruptStoreException if a damaged record may be the key's, and no other record is
   * @throws SegmentReused if a record was moved while it was read
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
   * Returns whether a slot is unchanged, so that the record found at its location meanwhile is the
   * one that it means: a segment number is freed and given away again only after no slot contains
   * it.
   */
  private boolean stillHolds(long[] array, int i, long slot) {
    return (long) SLOT.getAcquire(array, i) == slot && slots == array;
  }

  /**
   * Reads the slot at which the search for a hash starts, which brings it into the processor's
   * cache: many such reads run side by side, where searches wait one for the other.
   *
   * @return the slot; to be used, or the compiler leaves the read out
   */
  public long fetch(long hash) {
    long[] array = array();
    return array[Slot.home(Slot.tagOf(hash), array)];
  }

  /** Returns whether an entry points at a location. */
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

  // ---- writers, under the lock of the stripe

  /**
   * Returns the position of a key's slot, or, if it has none, the complement of the position for a
   * new one. A damaged record that may be the key's is taken for it, if the key has no other, so
   * that it can be replaced.
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

  /** Returns whether the record that {@link #locate} has found last is damaged. */
  public boolean isLocatedDamaged() {
    return isDamaged;
  }

  /** Points the entry at one location at another; returns false if there is no such entry. */
  public boolean move(long hash, long from, long to) {
    long[] array = array();
    int i = slotOf(array, Slot.of(hash, from));
    if (i >= 0) {
      SLOT.setRelease(array, i, Slot.of(hash, to));
    }
    return i >= 0;
  }
}
