package io.kvstore.stripe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.KvStoreException;
import io.kvstore.StoreListener;
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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One lock and one index: the changes of a stripe's keys happen one at a time, and readers need no
 * lock.
 *
 * <p>The lock order of the whole store: those of stripes, in ascending order where a batch holds
 * several ({@link HeldStripes}), then the log's, then that of the log's writer; last of all that of
 * {@link EventDispatcher}.
 *
 * <p>What the index shows is what the store's durability promises. Where a change is safe only
 * after a sync, it is kept aside as pending until {@link #show}, and writers, who must build on it,
 * look there first.
 */
public final class Stripe {
  private final Log log;
  private final EventDispatcher events;
  private final KeyIndex index;
  private final Expiry expiry;
  private final OpenSnapshots snapshots;
  private final @Nullable OrderedKeys ordered;
  private final SpinningLock lock = new SpinningLock();
  private final Precedence precedence = new Precedence();

  /** What open snapshots show and the index no longer does; null while there is nothing. */
  @GuardedBy("lock")
  private @Nullable VersionHistory history;

  /** Written so that the reads before it are not left out. */
  @SuppressWarnings("unused")
  @GuardedBy("lock")
  private long fetchedSlots;

  /** Null where no change ever waits for a sync. */
  @GuardedBy("lock")
  private final @Nullable UnsyncedWrites pending;

  /**
   * What all stripes of a store have in common.
   *
   * @param ordered null if the store does not keep its keys in order
   * @param publishesLater whether changes become visible only by {@link #show}
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
    this.events = shared.events();
    this.index = index;
    this.expiry = shared.expiry();
    this.snapshots = shared.snapshots();
    this.ordered = shared.ordered();
    this.pending = shared.publishesLater() ? new UnsyncedWrites() : null;
  }

  @Nullable RecordView find(long hash, byte[] key) {
    RecordView record = index.find(hash, key);
    return record == null || !record.hasDeadline() ? record : findUnlessOver(hash, key);
  }

  /**
   * Asks the clock, and then the index anew: an entry that is over by then, and still there, is
   * absent. In the other order another may have taken its place in time.
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

  /** Appends a put; the result completes when it is visible and as safe as promised. */
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

  /** Decides, from the latest that is known of a key, what to write under it, and appends that. */
  Decided update(long hash, byte[] key, Decision decision, boolean keepsBefore) {
    precedence.giveWay();
    lock.lock();
    try {
      PutRecord before = current(hash, key);
      LogRecord change = decision.decide(key, before);
      LogRecord awaited = change == null ? pending(hash, key) : change;
      if (change != null) {
        append(hash, change);
      }
      return Decided.of(keepsBefore ? before : null, change, awaited);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Appends the tombstone of an entry that has expired; nobody waits until it is safe.
   *
   * @param location where the index pointed for the key
   * @return whether it still did, and nothing newer is on its way, and the entry has expired
   */
  boolean sweep(long hash, byte[] key, long location, long nowMillis) {
    lock.lock();
    try {
      if (pending(hash, key) != null || !index.pointsAt(hash, location)) {
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
    int at = prepare(hash, change, 0);
    LogRecord before = keep(hash, change);
    try {
      log.append(change);
    } catch (Throwable e) {
      takeBack(hash, change, before);
      throw e;
    }
    if (pending == null) {
      try {
        apply(hash, change, at);
      } catch (Throwable e) {
        throw log.failure().noteUnexpected(e); // the log has it, and the index perhaps a part of it
      }
    }
  }

  // ---- steps, for who holds the lock: HeldStripes does, of several stripes at once

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Returns what a key holds for a writer, pending or not, unless it has expired. */
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

  /** Returns the latest change of a key that is not safe yet, or null. */
  @SuppressWarnings("GuardedBy") // the caller's lock
  @Nullable LogRecord pending(long hash, byte[] key) {
    return pending == null ? null : pending.get(hash, key);
  }

  /**
   * Does all that can fail of a change before it is appended: to show it takes no memory and no
   * luck then.
   *
   * @param others how many changes of the same batch have been prepared that add an entry
   * @return where the key is in the index, as {@link KeyIndex#locate} has it
   * @throws KvStoreException if the change would add an entry, and the index can't have more
   */
  @SuppressWarnings("GuardedBy") // the caller's lock
  int prepare(long hash, LogRecord change, int others) {
    int at = index.locate(hash, change.key());
    int expected = (pending == null ? 0 : pending.size()) + others + 1;
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
    prepareHistory(expected);
    return at;
  }

  @GuardedBy("lock")
  private void grow(int expected, int added) {
    index.requireRoomFor(added + (pending == null ? 0 : pending.count(this::isNew)));
    int before = index.slots();
    long start = System.nanoTime();
    index.ensureRoom(expected);
    if (index.slots() > before) {
      StoreListener.IndexGrowth growth =
          new StoreListener.IndexGrowth(
              EventDispatcher.since(start), index.entries(), index.slots());
      if (events.haveListener()) {
        events.tell(listener -> listener.onIndexGrowth(growth));
      }
    }
  }

  /** Tells whether a change that waits for its sync will add an entry. */
  private boolean isNew(HashedKey key, LogRecord change) {
    return !change.isTombstone() && index.locate(key.hash(), change.key()) < 0;
  }

  /** Keeps a change aside that is about to be appended, if it has to wait for a sync. */
  @SuppressWarnings("GuardedBy") // the caller's lock
  @Nullable LogRecord keep(long hash, LogRecord change) {
    return pending == null ? null : pending.add(hash, change);
  }

  /**
   * Undoes {@link #prepare} and {@link #keep}, which had this result, for a change that could not
   * be appended.
   */
  @SuppressWarnings("GuardedBy") // the caller's lock
  void takeBack(long hash, LogRecord change, @Nullable LogRecord before) {
    try {
      if (pending != null) {
        pending.takeBack(hash, change, before);
      }
      forgetOrdered(hash, change);
    } catch (Throwable e) {
      throw log.failure().noteUnexpected(e); // writers would build on what was never written
    }
  }

  /** Removes a key from those in order that has no entry, and gets none by a later change. */
  @GuardedBy("lock")
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
   * Shows a change that has been appended, unless it has to wait for a sync.
   *
   * @param overtaken whether a later change of its batch takes its place
   */
  @SuppressWarnings("GuardedBy") // the caller's lock
  void appended(long hash, LogRecord change, boolean overtaken) {
    if (pending == null) {
      apply(hash, change, overtaken);
    }
  }

  /** Shows a change that has waited for its sync; if that fails, it can be tried again. */
  @SuppressWarnings("GuardedBy") // the caller's lock
  void show(long hash, LogRecord change, boolean overtaken) {
    apply(hash, change, overtaken);
    if (pending != null) {
      pending.published(hash, change);
    }
  }

  @GuardedBy("lock")
  private void apply(long hash, LogRecord change, boolean overtaken) {
    if (!overtaken) {
      apply(hash, change, index.locate(hash, change.key()));
    } else if (!change.isTombstone()) {
      log.segments().at(change.location()).becomeStale();
    }
  }

  /**
   * The one place where an open store changes the index. What may fail for want of memory comes
   * first, and has changed nothing then.
   */
  @GuardedBy("lock")
  private void apply(long hash, LogRecord change, int at) {
    boolean isDamaged = at >= 0 && index.isLocatedDamaged();
    long before = at < 0 ? Slot.EMPTY : index.slotAt(at);
    if (at >= 0 && !change.isTombstone() && Slot.location(before) == change.location()) {
      return; // by an earlier attempt
    }
    RecordView replaced = at < 0 ? null : log.segments().at(Slot.location(before));
    long stored = isDamaged || replaced == null ? 0 : replaced.sequence(); // damaged: as old as any
    if (isDamaged) {
      var unused = log.segments().damaged(Objects.requireNonNull(replaced));
      if (ordered != null && !change.isTombstone()) {
        ordered.add(change.key()); // nobody could tell what the key was
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

  // ---- snapshots

  /** Makes room for more, if a snapshot is open; before anything has changed. */
  @GuardedBy("lock")
  private void prepareHistory(int more) {
    if (snapshots.newest() > 0) {
      makeHistory(more);
    }
  }

  @GuardedBy("lock")
  private void makeHistory(int more) {
    if (history == null) {
      history = new VersionHistory(log.segments());
    }
    history.ensureRoom(more);
  }

  /** Makes room for what waits for its sync and a snapshot that is about to be opened will show. */
  @SuppressWarnings("GuardedBy") // the caller's lock
  void prepareSnapshot() {
    if (pending != null && pending.size() > 0) {
      makeHistory(pending.size());
    }
  }

  /** Returns the record that a key had at the sequence of an open snapshot, or null. */
  @Nullable RecordView find(long hash, byte[] key, long sequence) {
    RecordView current = index.find(hash, key);
    if (current != null && current.sequence() <= sequence) {
      return current;
    }
    lock.lock();
    try {
      VersionHistory kept = history;
      return kept == null ? null : kept.find(hash, key, sequence);
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
      index.addSlots(from, to, list);
      if (history != null) {
        history.addSlots(from, to, sequence, list);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Removes a key that has no entry from those in order, unless a snapshot may show it. */
  boolean removeOrdered(long hash, byte[] key) {
    lock.lock();
    try {
      if (ordered == null || snapshots.newest() > 0) {
        return false;
      }
      if (pending(hash, key) == null && index.locate(hash, key) < 0) {
        ordered.remove(key, false);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many replaced entries are kept for snapshots. */
  long historyEntries() {
    lock.lock();
    try {
      return history == null ? 0 : history.count();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what no snapshot shows any more. */
  void purge() {
    lock.lock();
    try {
      long[] open = snapshots.sequences();
      if (history != null && open.length == 0) {
        history = null;
      } else if (history != null) {
        history.purge(open);
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- compaction

  /** Points the index at where compaction has moved records to. */
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

  /** Points the index back to where records have been moved from. */
  void movedBack(Relocations moves, int[] which) {
    lock.lock();
    try {
      IndexRelocator.undo(index, log.segments(), moves, which);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a change under way, which may be in the log and not yet in the index. */
  void settle() {
    lock.lock();
    try {
      // Whoever held the lock has changed the index by now.
    } finally {
      lock.unlock();
    }
  }
}
