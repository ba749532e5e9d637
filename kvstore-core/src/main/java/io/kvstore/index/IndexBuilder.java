package io.kvstore.index;

import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentTable;
import java.util.BitSet;
import java.util.function.LongPredicate;

/**
 * Builds the index of one stripe from changes of any age, as recovery finds them: of each key the
 * latest is kept. A tombstone is kept like a put, so that it hides older puts that are yet to be
 * found, until {@link #finish}. While there are such, the index may have more slots than it will
 * have: what was written can be opened.
 */
public final class IndexBuilder {
  private final SegmentTable segments;
  private final KeyIndex index;

  /** Which slots are of tombstones. */
  private final BitSet tombstones = new BitSet();

  private long[] slots = new long[0];
  private int count;
  private boolean isStarted;

  /** The last change that the checkpoint covers which the index was started from. */
  private long restoredTo;

  /** Written so that the reads before it are not left out. */
  @SuppressWarnings("unused")
  private long fetched;

  /** With an index that no reader sees yet. */
  IndexBuilder(SegmentTable segments, KeyIndex index) {
    this.segments = segments;
    this.index = index;
  }

  KeyIndex index() {
    return index;
  }

  /** Notes that the index has the slots of a checkpoint, and up to which change. */
  void restoredTo(long sequence) {
    restoredTo = sequence;
  }

  /** Takes in the slots of a checkpoint, those with locations that are good. */
  void restore(StoredSlots stored, LongPredicate isThere) {
    start();
    ensureRoom(stored.count());
    stored.copyTo(
        (copied, length) -> {
          int good = 0;
          for (int i = 0; i < length; i++) {
            if (isThere.test(Slot.location(copied[i]))) {
              copied[good++] = copied[i];
            }
          }
          Slot.insert(slots, copied, good);
          count += good;
        });
  }

  /**
   * Takes in changes.
   *
   * @param deletes whether all of them are tombstones, or else puts
   */
  void add(RecoveredChanges changes, boolean deletes) {
    start();
    ensureRoom(changes.count());
    long touched = 0;
    for (int i = 0; i < changes.count(); i++) {
      // Brings the slots into the processor's cache, many at a time: nothing here waits for one.
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

  /** Looks at the record that a change with this tag will be compared with, if there is one. */
  private long fetchKnown(long tag) {
    for (int i = Slot.home(tag, slots); slots[i] != Slot.EMPTY; i = Slot.after(i, slots)) {
      if (Slot.tag(slots[i]) == tag) {
        return segments.at(Slot.location(slots[i])).sequence();
      }
    }
    return 0;
  }

  /**
   * Takes in a change. Where no whole record has its key, a damaged one with the same tag is taken
   * for an older change of that key, as an open store does ({@link KeyIndex#locate}).
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

  /** Tells which of two changes of a key is the later one, though the known one may be damaged. */
  private boolean isLater(RecordView change, RecordView known) {
    boolean isGreater = change.sequence() > known.sequence();
    if (change.sequence() != known.sequence() && isGreater == change.sequence() > restoredTo) {
      return isGreater; // of a damaged one the same would be said
    }
    return known.isWhole() ? isGreater : mayReplaceDamage(change, known);
  }

  /**
   * Tells whether a change may take the place of a damaged record, which only a checkpoint covers:
   * if it is later than all of the checkpoint, or a copy that compaction has made of that record.
   * Others that compaction has copied may be older.
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

  /** Lets go of the tombstones, and hands the slots over to the index. */
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

  /** Returns how long the shortest array is that so many entries fit into. */
  private static int lengthFor(int entries) {
    int length = SlotTable.MIN_SLOTS;
    while (entries > SlotTable.capacity(length)) {
      length = 2 * (length + 2) - 2;
    }
    return length;
  }
}
