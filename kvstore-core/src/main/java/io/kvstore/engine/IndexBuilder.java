package io.kvstore.engine;

import io.kvstore.log.RecordView;
import io.kvstore.log.Segments;
import java.util.BitSet;
import java.util.function.LongPredicate;

/**
 * Builds the index of one stripe from changes of any age, as recovery finds them: of each key the
 * latest is kept. A tombstone is kept like a put, so that it hides older puts that are yet to be
 * found, until {@link #finish}. While there are such, the index may have more slots than it will
 * have: what was written can be opened.
 */
final class IndexBuilder {
  private final Segments segments;
  private final KeyIndex index;

  /** Which slots are of tombstones. */
  private final BitSet tombstones = new BitSet();

  private long[] slots = new long[0];
  private int count;
  private boolean isStarted;

  /** Written so that the reads before it are not left out. */
  @SuppressWarnings("unused")
  private long fetched;

  /** With an index that no reader sees yet. */
  IndexBuilder(Segments segments, KeyIndex index) {
    this.segments = segments;
    this.index = index;
  }

  KeyIndex index() {
    return index;
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
  void add(FoundChanges changes, boolean deletes) {
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

  private void add(long found, boolean delete) {
    long tag = Slot.tag(found);
    RecordView record = segments.at(Slot.location(found));
    int i = Slot.home(tag, slots);
    for (; slots[i] != Slot.EMPTY; i = Slot.after(i, slots)) {
      if (Slot.tag(slots[i]) == tag) {
        // What a checkpoint covers may be damaged: then it is not of the same key, and found to be
        // damaged by who looks for its own, or it is, and this change may take its place.
        RecordView known = segments.at(Slot.location(slots[i]));
        if (record.hasKeyOf(known)) {
          replace(i, found, delete, record.sequence() > known.sequence());
          return;
        }
      }
    }
    slots[i] = found;
    tombstones.set(i, delete);
    count++;
  }

  private void replace(int at, long found, boolean delete, boolean isLater) {
    segments.at(Slot.location(isLater ? slots[at] : found)).becomeStale();
    if (isLater) {
      slots[at] = found;
      tombstones.set(at, delete);
    }
  }

  private void start() {
    if (!isStarted) {
      slots = index.array();
      count = index.entries();
      isStarted = true;
    }
  }

  private void ensureRoom(int more) {
    if (count + more > KeyIndex.capacity(slots.length)) {
      rehash(KeyIndex.lengthFor(count + more, slots.length, Integer.MAX_VALUE));
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
    int length = KeyIndex.MIN_SLOTS;
    while (entries > KeyIndex.capacity(length)) {
      length = 2 * (length + 2) - 2;
    }
    return length;
  }
}
