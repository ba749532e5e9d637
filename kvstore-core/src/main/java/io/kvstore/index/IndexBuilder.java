package io.kvstore.index;

import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentTable;
import java.util.BitSet;
import java.util.function.LongPredicate;

/**
 * The builder of the index of one stripe, from changes in any order, as recovery finds them: the
 * latest change of each key is kept. A tombstone is kept like a put until {@link #finish}, so that
 * it hides older puts that are found later. Tombstones may give the index more slots than its
 * normal maximum meanwhile: every store that was written can be opened.
 */
public final class IndexBuilder {
  private final SegmentTable segments;
  private final KeyIndex index;

  /** The slots of tombstones. */
  private final BitSet tombstones = new BitSet();

  private long[] slots = new long[0];
  private int count;
  private boolean isStarted;

  /** The last change covered by the checkpoint from which the index was restored. */
  private long restoredTo;

  /** Written so that the compiler does not remove the prefetching reads. */
  @SuppressWarnings("unused")
  private long fetched;

  /** Creates a builder for an index that has no readers yet. */
  IndexBuilder(SegmentTable segments, KeyIndex index) {
    this.segments = segments;
    this.index = index;
  }

  KeyIndex index() {
    return index;
  }

  /** Records that the index has the slots of a checkpoint, and up to which change. */
  void restoredTo(long sequence) {
    restoredTo = sequence;
  }

  /** Adds the slots of a checkpoint that have valid locations. */
  void restore(StoredSlots stored, LongPredicate isThere) {
    start();
    ensureRoom(stored.count());
    stored.copyTo(
        new StoredSlots.Taker() {
          @Override
          public void take(long[] copied, int length) {
            int good = 0;
            for (int i = 0; i < length; i++) {
              if (isThere.test(Slot.location(copied[i]))) {
                copied[good++] = copied[i];
              }
            }
            Slot.insert(slots, copied, good);
            count += good;
          }
        });
  }

  /**
   * Adds changes.
   *
   * @param deletes whether all of them are tombstones; otherwise all are puts
   */
  void add(RecoveredChanges changes, boolean deletes) {
    start();
    ensureRoom(changes.count());
    long touched = 0;
    for (int i = 0; i < changes.count(); i++) {
      // Prefetches the slots into the processor cache, many in parallel.
      touched |= slots[Slot.home(Slot.tag(changes.slot(i)), slots)];
    }
    for (int i = 0; i < changes.count(); i++) {
      touched |= fetchKnown(Slot.tag(changes.slot(i)));
    }
    fetched = touched;
    for (int i = 0; i < changes.count(); i++) {
      add(changes.slot(i), deletes);
    }
  }

  /** Prefetches the record that a change with this tag will be compared with, if there is one. */
  private long fetchKnown(long tag) {
    for (int i = Slot.home(tag, slots); slots[i] != Slot.EMPTY; i = Slot.after(i, slots)) {
      if (Slot.tag(slots[i]) == tag) {
        return segments.at(Slot.location(slots[i])).sequence();
      }
    }
    return 0;
  }

  /**
   * Adds a change. If no whole record has its key, a damaged one with the same tag is taken for an
   * older change of that key, as in an open store ({@link KeyIndex#locate}).
   */
  private void add(long found, boolean delete) {
    long tag = Slot.tag(found);
    RecordView record = segments.at(Slot.location(found));
    int damaged = -1;
    int i = Slot.home(tag, slots);
    for (; slots[i] != Slot.EMPTY; i = Slot.after(i, slots)) {
      if (Slot.tag(slots[i]) == tag) {
        RecordView known = segments.at(Slot.location(slots[i]));
        if (record.hasKeyOf(known)) {
          if (isLater(record, known)) {
            known.becomeStale();
            replace(i, found, delete);
          } else {
            record.becomeStale();
          }
          return;
        }
        damaged = damaged < 0 && !known.isWhole() && mayReplaceDamage(record, known) ? i : damaged;
      }
    }
    if (damaged >= 0) {
      segments.at(Slot.location(slots[damaged])).becomeStaleDamage();
      replace(damaged, found, delete);
    } else {
      replace(i, found, delete);
      count++;
    }
  }

  /** Returns whether a change is later than the known one of the same key, which may be damaged. */
  private boolean isLater(RecordView change, RecordView known) {
    boolean isGreater = change.sequence() > known.sequence();
    if (change.sequence() != known.sequence() && isGreater == change.sequence() > restoredTo) {
      return isGreater; // the same as for a damaged one
    }
    return known.isWhole() ? isGreater : mayReplaceDamage(change, known);
  }

  /**
   * Returns whether a change may replace a damaged record, which only a checkpoint covers: if it is
   * later than the whole checkpoint, or a copy of that record made by compaction. Other copies made
   * by compaction may be older.
   */
  private boolean mayReplaceDamage(RecordView change, RecordView damaged) {
    return change.sequence() > restoredTo || change.sequence() == damaged.sequence();
  }

  private void replace(int at, long found, boolean delete) {
    slots[at] = found;
    tombstones.set(at, delete);
  }

  private void start() {
    if (!isStarted) {
      slots = index.array();
      count = index.entries();
      isStarted = true;
    }
  }

  private void ensureRoom(int more) {
    if (count + more > SlotTable.capacity(slots.length)) {
      rehash(SlotTable.lengthFor(count + more, slots.length, Integer.MAX_VALUE));
    }
  }

  private void rehash(int length) {
    long[] old = slots;
    BitSet wereTombstones = (BitSet) tombstones.clone();
    slots = new long[length];
    tombstones.clear();
    for (int i = 0; i < old.length; i++) {
      if (old[i] != Slot.EMPTY) {
        int at = Slot.insert(slots, old[i]);
        tombstones.set(at, wereTombstones.get(i));
      }
    }
  }

  /** Removes the tombstones, and passes the slots to the index. */
  void finish() {
    if (!isStarted) {
      return;
    }
    int used = count;
    for (int i = tombstones.nextSetBit(0); i >= 0; i = tombstones.nextSetBit(i + 1)) {
      slots[i] = Slot.DELETED;
      count--;
    }
    if (slots.length > index.maxSlots()) {
      long[] old = slots;
      slots = new long[Math.max(index.maxSlots(), lengthFor(count))];
      for (long slot : old) {
        if (Slot.isEntry(slot)) {
          Slot.insert(slots, slot);
        }
      }
      used = count;
    }
    index.install(slots, used, count);
  }

  /** Returns the length of the shortest array for a number of entries. */
  private static int lengthFor(int entries) {
    int length = SlotTable.MIN_SLOTS;
    while (entries > SlotTable.capacity(length)) {
      length = 2 * (length + 2) - 2;
    }
    return length;
  }
}
