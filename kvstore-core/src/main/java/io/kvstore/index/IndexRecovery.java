package io.kvstore.index;

import io.kvstore.KvStore;
import io.kvstore.recovery.CheckpointPosition;
import io.kvstore.recovery.RecoveryTarget;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.ScannedRecord;
import io.kvstore.segment.SegmentTable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The recovery of the indexes of all stripes, from the changes in the log, which several threads
 * find in any order.
 *
 * <p>Each thread collects changes of a stripe and adds them together: many changes share one
 * acquisition of the lock, and their slots, which lie anywhere in a large array, are prefetched in
 * parallel.
 */
public final class IndexRecovery implements RecoveryTarget {
  /** The maximum number of changes that a thread collects, of eight bytes each. */
  private static final int MAX_COLLECTED = 1 << 19;

  private final SegmentTable segments;
  private final KeyHash keyHash;
  private final int maxSlots;
  private final IndexBuilder[] builders;
  private final ReentrantLock[] locks;
  private final @Nullable IndexCheckpoint checkpoint;

  /** The position of the checkpoint from which the indexes were restored. */
  private @Nullable CheckpointPosition restored;

  /**
   * @param checkpoint the checkpoint to restore, or null to read the whole log
   */
  public IndexRecovery(
      SegmentTable segments, KeyHash keyHash, int stripes, @Nullable IndexCheckpoint checkpoint) {
    this(segments, keyHash, new Size(stripes, KeyIndex.MAX_SLOTS), checkpoint);
  }

  /**
   * Creates a recovery with a smaller maximum of slots.
   *
   * @param checkpoint the checkpoint to restore, or null to read the whole log
   */
  public IndexRecovery(
      SegmentTable segments, KeyHash keyHash, Size size, @Nullable IndexCheckpoint checkpoint) {
    this.segments = segments;
    this.checkpoint = checkpoint;
    this.keyHash = keyHash;
    this.maxSlots = size.maxSlots();
    this.builders = new IndexBuilder[size.stripes()];
    this.locks = new ReentrantLock[size.stripes()];
    reset();
  }

  /** The number of stripes, and the maximum number of slots of the index of one. */
  public record Size(int stripes, int maxSlots) {}

  @Override
  public void reset() {
    restored = null;
    for (int i = 0; i < builders.length; i++) {
      builders[i] = new IndexBuilder(segments, new KeyIndex(segments, maxSlots));
      locks[i] = new ReentrantLock();
    }
  }

  @Override
  public @Nullable CheckpointPosition position() {
    return checkpoint == null ? null : checkpoint.position();
  }

  @Override
  public boolean restore(@Nullable LongPredicate isThere) {
    if (checkpoint != null && checkpoint.restore(builders, isThere)) {
      restored = checkpoint.position();
      for (IndexBuilder builder : builders) {
        builder.restoredTo(checkpoint.position().sequence());
      }
      return true;
    }
    reset();
    return false;
  }

  /** Returns the position of the checkpoint from which the indexes were restored, or null. */
  public @Nullable CheckpointPosition restoredPosition() {
    return restored;
  }

  @Override
  public RecordVisitor visitor() {
    return new Collector();
  }

  @Override
  public void finish() {
    for (IndexBuilder builder : builders) {
      builder.finish();
    }
  }

  /** Returns the indexes, one for each stripe. */
  public KeyIndex[] indexes() {
    KeyIndex[] indexes = new KeyIndex[builders.length];
    for (int i = 0; i < indexes.length; i++) {
      indexes[i] = builders[i].index();
    }
    return indexes;
  }

  private final class Collector implements RecordVisitor {
    private final byte[] key = new byte[KvStore.MAX_KEY_BYTES];
    private final RecoveredChanges[] puts = new RecoveredChanges[builders.length];
    private final RecoveredChanges[] deletes = new RecoveredChanges[builders.length];

    Collector() {
      for (int i = 0; i < puts.length; i++) {
        puts[i] = new RecoveredChanges(MAX_COLLECTED / puts.length);
        deletes[i] = new RecoveredChanges(MAX_COLLECTED / puts.length);
      }
    }

    @Override
    public void visit(ScannedRecord change) {
      long hash = keyHash.of(key, change.copyKey(key));
      int stripe = KeyHash.stripeOf(hash, builders.length);
      RecoveredChanges found = change.isTombstone() ? deletes[stripe] : puts[stripe];
      if (found.add(Slot.of(hash, change.location()))) {
        bringIn(stripe, found);
      }
    }

    @Override
    public void finish() {
      for (int i = 0; i < puts.length; i++) {
        bringIn(i, puts[i]);
        bringIn(i, deletes[i]);
      }
    }

    private void bringIn(int stripe, RecoveredChanges found) {
      if (found.count() == 0) {
        return; // and the slots stay in the file until they are needed
      }
      locks[stripe].lock();
      try {
        builders[stripe].add(found, found == deletes[stripe]);
      } finally {
        locks[stripe].unlock();
      }
      found.clear();
    }
  }
}
