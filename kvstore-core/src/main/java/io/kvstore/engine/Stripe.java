package io.kvstore.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.log.Log;
import io.kvstore.log.LogRecord;
import io.kvstore.log.RecordView;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One lock and one index: the changes of a stripe's keys happen one at a time, and readers need no
 * lock.
 *
 * <p>The lock order of the whole store: a stripe's, then the log's, then that of the log's writer.
 *
 * <p>What the index shows is what the store's durability promises. Where a change is safe only
 * after a sync, it is kept aside as pending until {@link #publish}, and writers, who must build on
 * it, look there first.
 */
final class Stripe {
  private static final CompletableFuture<Boolean> EXISTED = CompletableFuture.completedFuture(true);
  private static final CompletableFuture<Boolean> ABSENT = CompletableFuture.completedFuture(false);

  private final Log log;
  private final KeyIndex index;
  private final OpenSnapshots snapshots;
  private final @Nullable OrderedKeys ordered;
  private final ReentrantLock lock = new ReentrantLock();

  /** What open snapshots show and the index no longer does; null while there is nothing. */
  @GuardedBy("lock")
  private @Nullable History history;

  /** The latest change of each key that waits for its sync; null where none ever does. */
  @GuardedBy("lock")
  private final @Nullable Map<ByteBuffer, LogRecord> pending;

  /**
   * What all stripes of a store have in common.
   *
   * @param ordered null if the store does not keep its keys in order
   * @param publishesLater whether changes become visible only by {@link #publish}
   */
  record Shared(
      Log log, OpenSnapshots snapshots, @Nullable OrderedKeys ordered, boolean publishesLater) {}

  Stripe(Shared shared, KeyIndex index) {
    this.log = shared.log();
    this.index = index;
    this.snapshots = shared.snapshots();
    this.ordered = shared.ordered();
    this.pending = shared.publishesLater() ? new HashMap<>() : null;
  }

  @Nullable RecordView find(long hash, byte[] key) {
    return index.find(hash, key);
  }

  KeyIndex index() {
    return index;
  }

  /** The lock of all changes; to be taken by {@link Stripes} alone, and in the order of stripes. */
  ReentrantLock lock() {
    return lock;
  }

  /** Appends a put; the result completes when it is visible and as safe as promised. */
  CompletableFuture<Void> put(long hash, LogRecord put) {
    lock.lock();
    try {
      append(hash, put);
      return put.done();
    } finally {
      lock.unlock();
    }
  }

  /** Appends a tombstone, unless there is no entry; the result says whether there was one. */
  CompletableFuture<Boolean> delete(long hash, LogRecord tombstone) {
    lock.lock();
    try {
      LogRecord last = pending == null ? null : pending.get(ByteBuffer.wrap(tombstone.key()));
      if (last != null && last.isTombstone()) {
        return last.done().thenApply(done -> false);
      }
      if (last == null && index.find(hash, tombstone.key()) == null) {
        return ABSENT;
      }
      append(hash, tombstone);
      CompletableFuture<Void> done = tombstone.done();
      return done.isDone() ? EXISTED : done.thenApply(d -> true);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void append(long hash, LogRecord change) {
    Map<ByteBuffer, LogRecord> waiting = pending;
    if (waiting == null) {
      index.ensureRoom(1);
      prepareHistory();
      log.append(change);
      apply(hash, change);
      return;
    }
    index.ensureRoom(waiting.size() + 1);
    ByteBuffer key = ByteBuffer.wrap(change.key());
    LogRecord before = waiting.put(key, change);
    try {
      log.append(change);
    } catch (Throwable e) {
      if (before == null) {
        waiting.remove(key);
      } else {
        waiting.put(key, before);
      }
      throw e;
    }
  }

  /** Shows a change that has become safe; called in the order of the log. */
  void publish(long hash, LogRecord change) {
    lock.lock();
    try {
      apply(hash, change);
      if (pending != null) {
        pending.remove(ByteBuffer.wrap(change.key()), change);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void apply(long hash, LogRecord change) {
    long before =
        change.isTombstone()
            ? index.remove(hash, change.key())
            : index.put(hash, change.key(), change.location());
    if (before != Slot.EMPTY) {
      RecordView replaced = log.segments().at(Slot.location(before));
      History kept = prepareHistory();
      if (kept != null && replaced.sequence() <= snapshots.newest()) {
        kept.add(before, change.sequence());
      }
      replaced.becomeStale();
    }
    if (ordered != null && change.isTombstone() && before != Slot.EMPTY) {
      ordered.remove(change.key(), snapshots.newest() > 0);
    } else if (ordered != null && !change.isTombstone() && before == Slot.EMPTY) {
      ordered.add(change.key().clone());
    }
  }

  // ---- snapshots

  /** Makes room for one more, if a snapshot is open; before anything has changed. */
  @GuardedBy("lock")
  private @Nullable History prepareHistory() {
    if (snapshots.newest() > 0) {
      if (history == null) {
        history = new History(log.segments());
      }
      history.ensureRoom();
    }
    return history;
  }

  /** Returns the record that a key had at the sequence of an open snapshot, or null. */
  @Nullable RecordView find(long hash, byte[] key, long sequence) {
    RecordView current = index.find(hash, key);
    if (current != null && current.sequence() <= sequence) {
      return current;
    }
    lock.lock();
    try {
      History kept = history;
      return kept == null ? null : kept.find(hash, key, sequence);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds the slots, with tags of a range, that an open snapshot may show: each of its entries once,
   * and entries that are newer than it.
   */
  void addSlots(int from, int to, long sequence, LongList list) {
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
      if (snapshots.newest() > 0) {
        return false;
      }
      if (ordered != null && index.find(hash, key) == null) {
        ordered.remove(key, false);
      }
      return true;
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
}
