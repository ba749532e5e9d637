package io.kvstore.server.resp.command;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.server.resp.protocol.RespLimits;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A scan of all entries in increments, so that the event loop serves other connections in between.
 */
final class IncrementalScan {
  private static final byte[] NO_VALUE = {};

  private final KvStore<byte[], byte[]> store;
  private final Executor loop;
  private final Iterator<Entry<byte[], byte[]>> rest;
  private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

  IncrementalScan(KvStore<byte[], byte[]> store, Executor loop) {
    this.store = store;
    this.loop = loop;
    this.rest = store.iterator();
  }

  /** Passes each entry to a visitor; the result completes on the event loop. */
  CompletableFuture<@Nullable Void> show(Consumer<Entry<byte[], byte[]>> visitor) {
    turn(() -> showSome(visitor));
    return done;
  }

  private void showSome(Consumer<Entry<byte[], byte[]>> visitor) {
    for (int i = 0; i < RespLimits.ENTRIES_PER_TURN && rest.hasNext(); i++) {
      visitor.accept(rest.next());
    }
    goOn(() -> showSome(visitor));
  }

  /**
   * Deletes all entries that exist now, but none that is put meanwhile. The result completes once
   * the deletes are as durable as the store promises.
   */
  CompletableFuture<@Nullable Void> delete() {
    turn(this::deleteSome);
    return done;
  }

  private void deleteSome() {
    List<Entry<byte[], byte[]>> some = new ArrayList<>();
    while (some.size() < RespLimits.ENTRIES_PER_TURN && rest.hasNext()) {
      Entry<byte[], byte[]> entry = rest.next();
      some.add(new Entry<>(entry.key(), NO_VALUE, entry.version(), null, null));
    }
    delete(some);
  }

  private void delete(List<Entry<byte[], byte[]>> some) {
    Batch<byte[], byte[]> batch = store.batch();
    for (Entry<byte[], byte[]> entry : some) {
      batch.requireVersion(entry.key(), entry.version()).delete(entry.key());
    }
    var unused =
        store
            .writeAsync(batch)
            .whenCompleteAsync((result, failure) -> deleted(some, result, failure), loop);
  }

  private void deleted(
      List<Entry<byte[], byte[]>> some, @Nullable BatchResult result, @Nullable Throwable failure) {
    if (result == null) {
      done.completeExceptionally(
          failure == null ? new IllegalStateException("no result") : failure);
    } else if (result.applied()) {
      goOn(this::deleteSome);
    } else {
      some.remove(result.failedPrecondition());
      turn(() -> delete(some));
    }
  }

  private void goOn(Runnable next) {
    if (rest.hasNext()) {
      loop.execute(() -> turn(next));
    } else {
      done.complete(null);
    }
  }

  private void turn(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }
}
