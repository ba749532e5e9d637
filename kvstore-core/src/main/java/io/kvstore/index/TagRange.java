package io.kvstore.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A walk over the slots with tags of some range. They lie together, in the order of the tags,
 * whatever the length of the array: so a walk in parts neither skips nor repeats an entry when the
 * array has grown between two of them.
 */
public final class TagRange {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

  private TagRange() {}

  /** Told of each slot and its place in the array. */
  @FunctionalInterface
  public interface Visitor {
    void visit(int at, long slot);
  }

  /** Visits all slots that are not empty and have tags from {@code from} to {@code to - 1}. */
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
