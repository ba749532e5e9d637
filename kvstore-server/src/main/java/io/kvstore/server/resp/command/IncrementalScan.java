package io.kvstore.server.resp.command;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.server.net.LongWork;
import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.Permissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A scan of all entries in portions, on the threads of {@link LongWork}. It fails once the client
 * has lost its rights, which are asked for each portion.
 */
final class IncrementalScan {
  private static final byte[] NO_VALUE = {};

  private final KvStore<byte[], byte[]> store;
  private final Client client;
  private final Iterator<Entry<byte[], byte[]>> rest;
  private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

  IncrementalScan(KvStore<byte[], byte[]> store, Client client) {
    this.store = store;
    this.client = client;
    this.rest = store.iterator();
  }

  /** A visitor of entries. */
  interface Visitor {
    /** Visits an entry, and returns the work of that, in units of {@link Turn}. */
    long visit(Entry<byte[], byte[]> entry);
  }

  /** Passes each entry to a visitor, one after the other, on any threads. */
  CompletableFuture<@Nullable Void> show(Visitor visitor) {
    portion(() -> showSome(visitor));
    return done;
  }

  private void showSome(Visitor visitor) {
    if (client.isGone()) {
      done.cancel(false);
      return;
    }
    Permissions.requireAll(client.grant(), false);
    for (long work = 0; work < RespLimits.ENTRIES_PER_TURN && rest.hasNext(); ) {
      Entry<byte[], byte[]> entry = rest.next();
      work += 1 + Turn.ofBytes(entry.value().length) + visitor.visit(entry);
    }
    goOn(() -> showSome(visitor));
  }

  /**
   * Deletes all entries that exist now, but none that is put meanwhile, even if the client goes.
   * The result completes once the deletes are as durable as the store promises.
   */
  CompletableFuture<@Nullable Void> delete() {
    portion(this::deleteSome);
    return done;
  }

  private void deleteSome() {
    Permissions.requireAll(client.grant(), true);
    List<Entry<byte[], byte[]>> some = new ArrayList<>();
    for (long work = 0; work < RespLimits.ENTRIES_PER_TURN && rest.hasNext(); ) {
      Entry<byte[], byte[]> entry = rest.next();
      work += 1 + Turn.ofBytes(entry.value().length);
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
        store.writeAsync(batch).whenComplete((result, failure) -> deleted(some, result, failure));
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
      portion(() -> delete(some));
    }
  }

  private void goOn(Runnable next) {
    if (rest.hasNext()) {
      portion(next);
    } else {
      done.complete(null);
    }
  }

  private void portion(Runnable part) {
    LongWork.execute(
        () -> {
          try {
            part.run();
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
  }
}
