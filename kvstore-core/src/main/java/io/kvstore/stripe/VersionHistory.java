package io.kvstore.stripe;

import io.kvstore.index.KeyIndex;
import io.kvstore.index.Slot;
import io.kvstore.index.TagRange;
import io.kvstore.platform.LongList;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentTable;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The version history of one stripe: slots that the index no longer has and a snapshot still shows,
 * each with the sequence of its record and that of the change that replaced it. Guarded by the lock
 * of the {@link Stripe}.
 *
 * <p>It has the layout of {@link KeyIndex}, in the order of the tags, but one tag and one key may
 * occur many times. Three longs per entry, at most 70 % full: reading the first sequence from the
 * record instead would cost a cache miss each, under the lock.
 */
final class VersionHistory {
  private static final int MIN_SLOTS = 62;

  private final SegmentTable segments;
  private long[] slots = new long[MIN_SLOTS];
  private long[] storedAt = new long[MIN_SLOTS];
  private long[] replacedAt = new long[MIN_SLOTS];
  private int count;

  VersionHistory(SegmentTable segments) {
    this.segments = segments;
  }

  int count() {
    return count;
  }

  /** Reserves space for more entries. */
  void ensureRoom(int more) {
    int length = slots.length;
    while (count + more > length * 7L / 10) {
      length = 2 * (length + 2) - 2;
    }
    if (length != slots.length) {
      rebuild(
          length,
          new LongPredicate() {
            @Override
            public boolean test(long sequence) {
              return true;
            }
          });
    }
  }

  /**
   * Adds a former slot of the index; space must be reserved.
   *
   * @param stored the sequence of its record
   * @param replaced the sequence of the change that replaced or deleted it
   */
  void add(long slot, long stored, long replaced) {
    int i = Slot.home(Slot.tag(slot), slots);
    while (slots[i] != Slot.EMPTY) {
      i = Slot.after(i, slots);
    }
    slots[i] = slot;
    storedAt[i] = stored;
    replacedAt[i] = replaced;
    count++;
  }

  /** Returns the record of a key at a sequence, if it has been replaced since. */
  @Nullable RecordView find(long hash, byte[] key, long at) {
    long tag = Slot.tagOf(hash);
    RecordView damaged = null;
    for (int i = Slot.home(tag, slots); slots[i] != Slot.EMPTY; i = Slot.after(i, slots)) {
      if (Slot.tag(slots[i]) == tag && storedAt[i] <= at && replacedAt[i] > at) {
        RecordView record = segments.at(Slot.location(slots[i]));
        if (!record.isWhole()) {
          damaged = record;
        } else if (record.holds(key)) {
          return record;
        }
      }
    }
    if (damaged != null) {
      throw segments.damaged(damaged); // it is not known whether it is the record of the key
    }
    return null;
  }

  /** Adds the slots with tags of a range that were replaced after a sequence. */
  void addSlots(int from, int to, long after, LongList list) {
    TagRange.walk(
        slots,
        from,
        to,
        new TagRange.Visitor() {
          @Override
          public void visit(int i, long slot) {
            if (replacedAt[i] > after) {
              list.add(slot);
            }
          }
        });
  }

  /** Drops the entries that no snapshot at these sequences shows. */
  void purge(long[] open) {
    int needed = 0;
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != Slot.EMPTY) {
        if (isShown(i, open)) {
          needed++;
        } else {
          replacedAt[i] = 0;
        }
      }
    }
    int length = MIN_SLOTS;
    while (needed > length / 2) {
      length = 2 * (length + 2) - 2;
    }
    rebuild(
        length,
        new LongPredicate() {
          @Override
          public boolean test(long sequence) {
            return sequence != 0;
          }
        });
  }

  private boolean isShown(int i, long[] open) {
    for (long at : open) {
      if (storedAt[i] <= at && at < replacedAt[i]) {
        return true;
      }
    }
    return false;
  }

  private void rebuild(int length, LongPredicate keeps) {
    long[] oldSlots = slots;
    long[] oldStoredAt = storedAt;
    long[] oldReplacedAt = replacedAt;
    slots = new long[length];
    storedAt = new long[length];
    replacedAt = new long[length];
    count = 0;
    for (int i = 0; i < oldSlots.length; i++) {
      if (oldSlots[i] != Slot.EMPTY && keeps.test(oldReplacedAt[i])) {
        add(oldSlots[i], oldStoredAt[i], oldReplacedAt[i]);
      }
    }
  }
}
