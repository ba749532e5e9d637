package io.kvstore.stripe;

import io.kvstore.compaction.Relocations;
import io.kvstore.index.KeyIndex;
import io.kvstore.segment.SegmentTable;

/** Applies relocations of compaction to an index, and reverts them. Under the stripe's lock. */
final class IndexRelocator {
  private IndexRelocator() {}

  static void run(KeyIndex index, SegmentTable segments, Relocations moves, int[] which) {
    for (int i : which) {
      if (index.move(moves.hash(i), moves.from(i), moves.to(i))) {
        moves.done(i);
      } else {
        // Replaced or deleted meanwhile: the copy is stale, like its original.
        segments.at(moves.to(i)).becomeStale();
        moves.missed(i);
      }
    }
  }

  static void undo(KeyIndex index, SegmentTable segments, Relocations moves, int[] which) {
    for (int i : which) {
      if (!moves.inIndex(i)) {
        continue;
      }
      // All of them: an Error may have come between the move and done().
      boolean isBack = index.move(moves.hash(i), moves.to(i), moves.from(i));
      if (!isBack && moves.isDone(i)) {
        // Replaced or deleted since the relocation: the original has not been counted as stale.
        segments.at(moves.from(i)).becomeStale();
      }
      moves.undone(i);
    }
  }
}
