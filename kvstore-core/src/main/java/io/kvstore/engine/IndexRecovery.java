package io.kvstore.engine;

import io.kvstore.log.RecordView;
import io.kvstore.log.RecoveryTarget;
import io.kvstore.log.ScannedRecord;
import io.kvstore.log.Segments;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Builds the indexes of all stripes from the changes in the log, found by several threads in any
 * order: of each key the latest change counts. A tombstone stays in the index until the end, so
 * that it hides older puts that are found after it.
 */
final class IndexRecovery implements RecoveryTarget {

  private record Tombstone(long hash, long location) {}

  private final Segments segments;
  private final KeyHash keyHash;
  private final KeyIndex[] indexes;
  private final ReentrantLock[] locks;
  private final Queue<Tombstone> tombstones = new ConcurrentLinkedQueue<>();

  IndexRecovery(Segments segments, KeyHash keyHash, int stripes) {
    this.segments = segments;
    this.keyHash = keyHash;
    this.indexes = new KeyIndex[stripes];
    this.locks = new ReentrantLock[stripes];
    reset();
  }

  @Override
  public void reset() {
    tombstones.clear();
    for (int i = 0; i < indexes.length; i++) {
      indexes[i] = new KeyIndex(segments);
      locks[i] = new ReentrantLock();
    }
  }

  @Override
  public Visitor visitor() {
    return this::visit;
  }

  private void visit(ScannedRecord change) {
    byte[] key = change.key();
    long hash = keyHash.of(key);
    int stripe = Stripes.stripeOf(hash, indexes.length);
    KeyIndex index = indexes[stripe];
    locks[stripe].lock();
    try {
      RecordView known = index.find(hash, key);
      if (known != null && known.sequence() > change.sequence()) {
        segments.at(change.location()).becomeStale();
        return;
      }
      index.ensureRoom(1);
      index.put(hash, key, change.location());
      if (known != null) {
        known.becomeStale();
      }
    } finally {
      locks[stripe].unlock();
    }
    if (change.isTombstone()) {
      tombstones.add(new Tombstone(hash, change.location()));
    }
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
}
