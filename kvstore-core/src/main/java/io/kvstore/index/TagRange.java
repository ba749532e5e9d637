package io.kvstore.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A scan of the slots with a range of tags. These slots are contiguous, in the order of the tags,
 * whatever the length of the array: so a scan in parts neither skips nor repeats an entry if the
 * array has grown between two parts.
 */
public final class TagRange {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  private TagRange() {}

  /** A visitor of slots, with their index in the array. */
  @FunctionalInterface
  public interface Visitor {
    void visit(int at, long slot);
  }

  /** Visits all non-empty slots with tags from {@code from} to {@code to - 1}. */
  public static void walk(long[] array, int from, int to, Visitor visitor) {
    int lastHome = Slot.home(to - 1, array);
    for (int n = 0, i = Slot.home(from, array); n < array.length; n++, i++) {
      int at = i < array.length ? i : i - array.length;
      long slot = (long) SLOT.getAcquire(array, at);
      if (slot == Slot.EMPTY && i >= lastHome) {
        return;
      }
      long tag = Slot.tag(slot);
      if (tag >= from && tag < to && slot != Slot.EMPTY) {
        visitor.visit(at, slot);
      }
    }
  }
}
