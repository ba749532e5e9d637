package io.kvstore.stripe;

import io.kvstore.KvStoreException;
import io.kvstore.StoreListener;
import io.kvstore.index.KeyIndex;
import io.kvstore.index.Slot;
import io.kvstore.log.Log;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.LongList;
import io.kvstore.platform.SharedSync;
import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import io.kvstore.segment.RecordView;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of a stripe's keys: the index, and beside it the writes that wait for their sync, the
 * versions that snapshots still show, and the keys in order. All of it is guarded by the lock of
 * the {@link Stripe}.
 *
 * <p>The index has only changes that are as durable as the store promises. A change that needs a
 * sync is pending until {@link #show}; writers build on it, so they look there first.
 */
final class StripeState {
  private final Log log;
  private final EventDispatcher events;
  private final KeyIndex index;
  private final Expiry expiry;
  private final OpenSnapshots snapshots;
  private final @Nullable OrderedKeys ordered;

  /** The pending writes; null if no change ever waits for a sync. */
  private final @Nullable UnsyncedWrites pending;

  /** The entries that open snapshots show and the index no longer has; null if there are none. */
  private @Nullable VersionHistory history;

  StripeState(Stripe.Shared shared, KeyIndex index) {
    this.log = shared.log();
    this.events = shared.events();
    this.index = index;
    this.expiry = shared.expiry();
    this.snapshots = shared.snapshots();
    this.ordered = shared.ordered();
    this.pending = shared.publishesLater() ? new UnsyncedWrites() : null;
  }

  /** Returns whether a change is visible only after its sync. */
  boolean publishesLater() {
    return pending != null;
  }

  /** Returns the latest record of a key for a writer, pending or not, unless it has expired. */
  @Nullable PutRecord current(long hash, byte[] key) {
    LogRecord last = pending(hash, key);
    if (last != null) {
      return last.isTombstone() ? null : expiry.live(last);
    }
    int at = index.locate(hash, key);
    if (at < 0) {
      return null;
    }
    RecordView record = log.segments().at(Slot.location(index.slotAt(at)));
    return index.isLocatedDamaged() ? new DamagedRecord(record) : expiry.live(record);
  }

  /** Returns the pending change of a key, or null. */
  @Nullable LogRecord pending(long hash, byte[] key) {
    return pending == null ? null : pending.get(hash, key);
  }

  /**
   * Prepares a change before it is appended: does everything that can fail, so that publishing it
   * needs no memory.
   *
   * @param others the number of other changes of the same batch that add an entry
   * @param changes the number of changes of the same batch, with this one
   * @return the position of the key in the index, as of {@link KeyIndex#locate}
   * @throws KvStoreException if the change would add an entry, and the index is full
   */
  int prepare(long hash, LogRecord change, int others, int changes) {
    int at = index.locate(hash, change.key());
    int unpublished = pending == null ? 0 : pending.size();
    int expected = unpublished + others + 1;
    LogRecord last = pending(hash, change.key());
    boolean isComing = last != null && !last.isTombstone();
    if (at < 0 && !change.isTombstone() && !isComing) {
      if (ordered != null) {
        ordered.add(change.key());
      }
      if (!index.hasRoom(expected)) {
        grow(expected, others + 1);
        at = index.locate(hash, change.key());
      }
    }
    prepareHistory(unpublished + changes);
    return at;
  }

  private void grow(int expected, int added) {
    index.requireRoomFor(
        added
            + (pending == null
                ? 0
                : pending.count(
                    new BiPredicate<>() {
                      @Override
                      public boolean test(HashedKey key, LogRecord change) {
                        return isNew(key, change);
                      }
                    })));
    int before = index.slots();
    long start = System.nanoTime();
    index.ensureRoom(expected);
    if (index.slots() > before) {
      StoreListener.IndexGrowth growth =
          new StoreListener.IndexGrowth(
              EventDispatcher.since(start), index.entries(), index.slots());
      if (events.hasListener()) {
        events.publish(
            new Consumer<>() {
              @Override
              public void accept(StoreListener listener) {
                listener.onIndexGrowth(growth);
              }
            });
      }
    }
  }

  /** Returns whether a pending change will add an entry. */
  private boolean isNew(HashedKey key, LogRecord change) {
    return !change.isTombstone() && index.locate(key.hash(), change.key()) < 0;
  }

  /**
   * Adds a change that is about to be appended to the pending writes, if it has to wait for a sync.
   */
  @Nullable LogRecord keep(long hash, LogRecord change) {
    return pending == null ? null : pending.add(hash, change);
  }

  /**
   * Undoes {@link #prepare} and {@link #keep} for a change that could not be appended; not for one
   * that an Error has ended later, and that the log writes and publishes.
   *
   * @param before the result of {@link #keep}
   */
  void undo(long hash, LogRecord change, @Nullable LogRecord before) {
    if (change.done() != SharedSync.DONE) {
      return;
    }
    try {
      if (pending != null) {
        pending.undo(hash, change, before);
      }
      forgetOrdered(hash, change);
    } catch (Throwable e) {
      throw log.failure()
          .noteUnexpected(e); // writers would build on a change that was never written
    }
  }

  /** Removes a key from the ordered index that has no entry and no pending one. */
  private void forgetOrdered(long hash, LogRecord change) {
    if (ordered == null) {
      return;
    }
    LogRecord last = pending(hash, change.key());
    if ((last == null || last == change) && index.locate(hash, change.key()) < 0) {
      ordered.remove(change.key(), snapshots.newest() > 0);
    }
  }

  /**
   * Publishes an appended change, unless it has to wait for a sync.
   *
   * @param superseded whether it is superseded within its batch
   */
  void appended(long hash, LogRecord change, boolean superseded) {
    if (pending == null) {
      apply(hash, change, superseded);
    }
  }

  /** Publishes a change after its sync; if that fails, it can be retried. */
  void show(long hash, LogRecord change, boolean superseded) {
    apply(hash, change, superseded);
    if (pending != null) {
      pending.published(hash, change);
    }
  }

  private void apply(long hash, LogRecord change, boolean superseded) {
    if (!superseded) {
      apply(hash, change, index.locate(hash, change.key()));
    } else if (!change.isTombstone()) {
      log.segments().at(change.location()).becomeStale();
    }
  }

  /**
   * Applies a change to the index; the only method of an open store that does so. Steps that may
   * fail for lack of memory come first, before anything has changed.
   */
  void apply(long hash, LogRecord change, int at) {
    boolean isDamaged = at >= 0 && index.isLocatedDamaged();
    long before = at < 0 ? Slot.EMPTY : index.slotAt(at);
    if (at >= 0 && !change.isTombstone() && Slot.location(before) == change.location()) {
      return; // by an earlier attempt
    }
    RecordView replaced = at < 0 ? null : log.segments().at(Slot.location(before));
    long stored =
        isDamaged || replaced == null ? 0 : replaced.sequence(); // damaged: treated as oldest
    if (isDamaged) {
      var unused = log.segments().damaged(Objects.requireNonNull(replaced));
      if (ordered != null && !change.isTombstone()) {
        ordered.add(change.key()); // the key could not be read before
      }
    }
    VersionHistory kept = history;
    if (replaced != null && kept != null && stored <= snapshots.newest()) {
      kept.add(before, stored, change.sequence());
    }
    if (!change.isTombstone()) {
      index.point(at, hash, change.location());
    } else if (at >= 0) {
      index.remove(at);
    }
    if (replaced != null) {
      if (isDamaged) {
        replaced.becomeStaleDamage();
      } else {
        replaced.becomeStale();
      }
    }
    if (change.isTombstone()) {
      forgetOrdered(hash, change);
    }
  }

  /** Reserves space in the history, if a snapshot is open; before anything has changed. */
  private void prepareHistory(int more) {
    if (snapshots.newest() > 0) {
      makeHistory(more);
    }
  }

  private void makeHistory(int more) {
    if (history == null) {
      history = new VersionHistory(log.segments());
    }
    history.ensureRoom(more);
  }

  /** Reserves space for pending writes that a snapshot that is about to be opened will show. */
  void prepareSnapshot() {
    if (pending != null && pending.size() > 0) {
      makeHistory(pending.size());
    }
  }

  /** Returns the record of a key that was replaced since an open snapshot was taken, or null. */
  @Nullable RecordView replaced(long hash, byte[] key, long sequence) {
    return history == null ? null : history.find(hash, key, sequence);
  }

  /** Adds the slots, with tags of a range, that a snapshot may show. */
  void addSlots(int from, int to, long sequence, LongList list) {
    index.addSlots(from, to, list);
    if (history != null) {
      history.addSlots(from, to, sequence, list);
    }
  }

  /** Removes a key without an entry from the ordered keys, unless a snapshot may show it. */
  boolean removeOrdered(long hash, byte[] key) {
    if (ordered == null || snapshots.newest() > 0) {
      return false;
    }
    if (pending(hash, key) == null && index.locate(hash, key) < 0) {
      ordered.remove(key, false);
    }
    return true;
  }

  /** Returns the number of replaced entries kept for snapshots. */
  long historyEntries() {
    return history == null ? 0 : history.count();
  }

  /** Drops the replaced entries that no open snapshot shows. */
  void purge() {
    long[] open = snapshots.sequences();
    if (history != null && open.length == 0) {
      history = null;
    } else if (history != null) {
      history.purge(open);
      prepareSnapshot(); // the space that was reserved for pending writes is gone
    }
  }
}
