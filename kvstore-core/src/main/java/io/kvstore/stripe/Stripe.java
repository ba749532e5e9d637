package io.kvstore.stripe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.compaction.Relocations;
import io.kvstore.index.KeyIndex;
import io.kvstore.index.Slot;
import io.kvstore.log.Log;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.LongList;
import io.kvstore.platform.SpinningLock;
import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import io.kvstore.segment.RecordView;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A stripe: one lock and one index for a share of the keys. Changes of these keys happen one at a
 * time; readers take no lock.
 *
 * <p>The lock order of the whole store: stripes, in ascending order where a batch holds several
 * ({@link HeldStripes}), then the log, then the log's writer, and last {@link EventDispatcher}.
 */
public final class Stripe {
  private final Log log;
  private final KeyIndex index;
  private final Expiry expiry;
  private final SpinningLock lock = new SpinningLock();
  private final Precedence precedence = new Precedence();

  @GuardedBy("lock")
  private final StripeState state;

  /** Written so that the compiler does not remove the prefetching reads. */
  @SuppressWarnings("unused")
  @GuardedBy("lock")
  private long fetchedSlots;

  /**
   * The objects shared by all stripes of a store.
   *
   * @param ordered the ordered index, null if there is none
   * @param publishesLater whether changes become visible only by {@link ChangePublisher}
   */
  public record Shared(
      Log log,
      EventDispatcher events,
      Expiry expiry,
      OpenSnapshots snapshots,
      @Nullable OrderedKeys ordered,
      boolean publishesLater) {}

  Stripe(Shared shared, KeyIndex index) {
    this.log = shared.log();
    this.index = index;
    this.expiry = shared.expiry();
    this.state = new StripeState(shared, index);
  }

  @Nullable RecordView find(long hash, byte[] key) {
    RecordView record = index.find(hash, key);
    return record == null || !record.hasDeadline() ? record : findUnlessOver(hash, key);
  }

  /**
   * Reads the clock, and then the index again: an entry that is still there and expired at that
   * time is absent. In the other order, another entry could have replaced it in time.
   */
  private @Nullable RecordView findUnlessOver(long hash, byte[] key) {
    long nowMillis = expiry.nowMillis();
    RecordView record = index.find(hash, key);
    return record == null || Expiry.isOver(record, nowMillis) ? null : record;
  }

  public KeyIndex index() {
    return index;
  }

  Precedence precedence() {
    return precedence;
  }

  // ---- changes of one key

  /** Appends a put; the result completes when it is visible and as durable as promised. */
  public CompletableFuture<Void> put(long hash, LogRecord put) {
    precedence.giveWay();
    lock.lock();
    try {
      append(hash, put);
      return put.done();
    } finally {
      lock.unlock();
    }
  }

  /** Decides the change of a key from its latest record, pending or not, and appends it. */
  Decided update(long hash, byte[] key, Decision decision, boolean keepsBefore) {
    precedence.giveWay();
    lock.lock();
    try {
      log.failure().requireNone(); // a decision must not build on an index without the last change
      PutRecord before = state.current(hash, key);
      LogRecord change = decision.decide(key, before);
      LogRecord awaited = change == null ? state.pending(hash, key) : change;
      if (change != null) {
        append(hash, change);
      }
      return Decided.of(keepsBefore ? before : null, change, awaited);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Appends the tombstone of an expired entry, without waiting until it is durable.
   *
   * @param location the location of the key in the index
   * @return whether the index still had it, no newer change is pending, and the entry has expired
   */
  boolean sweep(long hash, byte[] key, long location, long nowMillis) {
    lock.lock();
    try {
      if (state.pending(hash, key) != null || !index.pointsAt(hash, location)) {
        return false;
      }
      int at = index.locate(hash, key);
      if (at < 0 || index.isLocatedDamaged()) {
        return false;
      }
      RecordView record = log.segments().at(Slot.location(index.slotAt(at)));
      if (!Expiry.isOver(record, nowMillis)) {
        return false;
      }
      append(hash, LogRecord.tombstone(key));
      return true;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void append(long hash, LogRecord change) {
    int at = state.prepare(hash, change, 0, 1);
    LogRecord before = state.keep(hash, change);
    try {
      log.append(change);
    } catch (Throwable e) {
      state.undo(hash, change, before);
      throw e;
    }
    if (!state.publishesLater()) {
      try {
        state.apply(hash, change, at);
      } catch (Throwable e) {
        throw log.failure()
            .noteUnexpected(e); // the log has the change, the index may have a part of it
      }
    }
  }

  // ---- for callers that acquire the lock themselves, such as HeldStripes for several stripes

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Returns the state, which the caller may use while it holds the lock. */
  @SuppressWarnings("GuardedBy") // the caller's lock
  StripeState state() {
    return state;
  }

  // ---- snapshots

  /** Returns the record that a key had at the sequence of an open snapshot, or null. */
  @Nullable RecordView find(long hash, byte[] key, long sequence) {
    RecordView current = index.find(hash, key);
    if (current != null && current.sequence() <= sequence) {
      return current;
    }
    lock.lock();
    try {
      return state.replaced(hash, key, sequence);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds the slots, with tags of a range, that an open snapshot may show: each of its entries once,
   * and entries that are newer than it.
   */
  public void addSlots(int from, int to, long sequence, LongList list) {
    lock.lock();
    try {
      state.addSlots(from, to, sequence, list);
    } finally {
      lock.unlock();
    }
  }

  /** Removes a key without an entry from the ordered index, unless a snapshot may show it. */
  boolean removeOrdered(long hash, byte[] key) {
    lock.lock();
    try {
      return state.removeOrdered(hash, key);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of replaced entries kept for snapshots. */
  long historyEntries() {
    lock.lock();
    try {
      return state.historyEntries();
    } finally {
      lock.unlock();
    }
  }

  /** Drops the replaced entries that no open snapshot shows. */
  void purge() {
    lock.lock();
    try {
      state.purge();
    } finally {
      lock.unlock();
    }
  }

  // ---- compaction

  /** Updates the index with the new locations of records moved by compaction. */
  void moved(Relocations moves, int[] which) {
    long fetched = 0;
    for (int i : which) {
      fetched ^= index.fetch(moves.hash(i));
    }
    lock.lock();
    try {
      fetchedSlots = fetched;
      IndexRelocator.run(index, log.segments(), moves, which);
    } finally {
      lock.unlock();
    }
  }

  /** Updates the index with the old locations of records, reverting relocations. */
  void movedBack(Relocations moves, int[] which) {
    lock.lock();
    try {
      IndexRelocator.undo(index, log.segments(), moves, which);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a change in progress, which may be in the log and not yet in the index. */
  void settle() {
    lock.lock();
    try {
      // The previous holder of the lock has updated the index by now.
    } finally {
      lock.unlock();
    }
  }
}
