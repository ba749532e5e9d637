package io.kvstore.index;

import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentTable;
import java.util.List;

/**
 * Reads the records of all entries of a {@link KeyIndex} with tags of some range, without a lock.
 */
public final class IndexScan {
  private IndexScan() {}

  /**
   * Returns the same records as {@link #records(KeyIndex, int, int, PinnedRecords)}, for a caller
   * that knows that no segment is dropped.
   */
  public static List<RecordView> records(KeyIndex index, int from, int to) {
    try (PinnedRecords found = new PinnedRecords()) {
      records(index, from, to, found);
      return List.copyOf(found.list());
    }
  }

  /**
   * Collects the records of all entries with tags from {@code from} to {@code to - 1}: each entry
   * that exists during the whole call exactly once. The records have not been verified.
   *
   * @param found gets the records, in place of all that it has
   */
  public static void records(KeyIndex index, int from, int to, PinnedRecords found) {
    do {
      found.clear();
    } while (!collect(index, from, to, found));
  }

  /** Collects records; returns false if the array was replaced meanwhile. */
  private static boolean collect(KeyIndex index, int from, int to, PinnedRecords found) {
    long[] array = index.array();
    SegmentTable segments = index.segments();
    int lastHome = Slot.home(to - 1, array);
    for (int n = 0, i = Slot.home(from, array); n < array.length; n++, i++) {
      int wrapped = i < array.length ? i : i - array.length;
      long slot = (long) SlotTable.SLOT.getAcquire(array, wrapped);
      if (slot == Slot.EMPTY && i >= lastHome) {
        break;
      }
      long tag = Slot.tag(slot);
      if (tag >= from && tag < to && Slot.isEntry(slot)) {
        RecordView record = segments.find(Slot.location(slot));
        boolean isHeld = record != null && found.add(record);
        if (index.slots != array) {
          return false;
        }
        if (!isHeld || (long) SlotTable.SLOT.getAcquire(array, wrapped) != slot) {
          // The slot has changed: once more.
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
}
