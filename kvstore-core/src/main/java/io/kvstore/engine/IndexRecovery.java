package io.kvstore.engine;

import io.kvstore.KvStore;
import io.kvstore.log.LogPosition;
import io.kvstore.log.RecoveryTarget;
import io.kvstore.log.ScannedRecord;
import io.kvstore.log.Segments;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Builds the indexes of all stripes from the changes in the log, found by several threads in any
 * order.
 *
 * <p>Each thread collects what it finds for a stripe and brings it in together: one lock for many
 * changes, and their slots, which lie anywhere in a large array, are fetched side by side.
 */
final class IndexRecovery implements RecoveryTarget {
  /** Changes that a thread collects in all, at most, in eight bytes each. */
  private static final int MAX_COLLECTED = 1 << 19;

  private record Tombstone(long hash, long location) {}

  private final Segments segments;
  private final KeyHash keyHash;
  private final KeyIndex[] indexes;
  private final ReentrantLock[] locks;
  private final Queue<Tombstone> tombstones = new ConcurrentLinkedQueue<>();

  private final @Nullable IndexCheckpoint checkpoint;

  /** What the indexes were started from. */
  private @Nullable LogPosition restored;

  /**
   * @param checkpoint to start from, or null to start from nothing
   */
  IndexRecovery(
      Segments segments, KeyHash keyHash, int stripes, @Nullable IndexCheckpoint checkpoint) {
    this.segments = segments;
    this.checkpoint = checkpoint;
    this.keyHash = keyHash;
    this.indexes = new KeyIndex[stripes];
    this.locks = new ReentrantLock[stripes];
    reset();
  }

  @Override
  public void reset() {
    restored = null;
    tombstones.clear();
    for (int i = 0; i < indexes.length; i++) {
      indexes[i] = new KeyIndex(segments);
      locks[i] = new ReentrantLock();
    }
  }

  @Override
  public @Nullable LogPosition position() {
    return checkpoint == null ? null : checkpoint.position();
  }

  @Override
  public boolean restore(@Nullable LongPredicate isThere) {
    if (checkpoint != null && checkpoint.restore(indexes, isThere)) {
      restored = checkpoint.position();
      return true;
    }
    reset();
    return false;
  }

  /** Returns the position of the checkpoint that the indexes were started from, or null. */
  @Nullable LogPosition restoredPosition() {
    return restored;
  }

  @Override
  public Visitor visitor() {
    return new Collector();
  }

  @Override
  public void finish() {
    for (Tombstone tombstone : tombstones) {
      int stripe = Stripes.stripeOf(tombstone.hash(), indexes.length);
      indexes[stripe].remove(tombstone.hash(), tombstone.location());
    }
    tombstones.clear();
  }

  /** Returns the indexes, one for each stripe. */
  KeyIndex[] indexes() {
    return indexes;
  }

  private final class Collector implements Visitor {
    private final byte[] key = new byte[KvStore.MAX_KEY_BYTES];
    private final FoundChanges[] found = new FoundChanges[indexes.length];

    Collector() {
      for (int i = 0; i < found.length; i++) {
        found[i] = new FoundChanges(MAX_COLLECTED / found.length);
      }
    }

    @Override
    public void visit(ScannedRecord change) {
      long hash = keyHash.of(key, change.copyKey(key));
      int stripe = Stripes.stripeOf(hash, indexes.length);
      if (found[stripe].add(Slot.of(hash, change.location()))) {
        bringIn(stripe);
      }
      if (change.isTombstone()) {
        tombstones.add(new Tombstone(hash, change.location()));
      }
    }

    @Override
    public void finish() {
      for (int i = 0; i < found.length; i++) {
        bringIn(i);
      }
    }

    private void bringIn(int stripe) {
      if (found[stripe].count() == 0) {
        return; // and the slots stay where they are until they are needed
      }
      locks[stripe].lock();
      try {
        indexes[stripe].recover(found[stripe]);
      } finally {
        locks[stripe].unlock();
      }
      found[stripe].clear();
    }
  }
}
