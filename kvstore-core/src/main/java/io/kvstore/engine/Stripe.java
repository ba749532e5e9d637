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
  private final ReentrantLock lock = new ReentrantLock();

  /** The latest change of each key that waits for its sync; null where none ever does. */
  @GuardedBy("lock")
  private final @Nullable Map<ByteBuffer, LogRecord> pending;

  Stripe(Log log, KeyIndex index, boolean publishesLater) {
    this.log = log;
    this.index = index;
    this.pending = publishesLater ? new HashMap<>() : null;
  }

  @Nullable RecordView find(long hash, byte[] key) {
    return index.find(hash, key);
  }

  KeyIndex index() {
    return index;
  }

  /** Waits for a change under way, which may be in the log and not yet in the index. */
  KeyIndex settled() {
    lock.lock();
    try {
      return index;
    } finally {
      lock.unlock();
    }
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
    RecordView before =
        change.isTombstone()
            ? index.remove(hash, change.key())
            : index.put(hash, change.key(), change.location());
    if (before != null) {
      before.becomeStale();
    }
  }
}
