package io.kvstore.server.http;

import io.kvstore.KvStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What can be asked: {@link EntryRoutes} of an entry, {@link StoreRoutes} of the store. */
final class Routes {
  private final EntryRoutes entries;
  private final StoreRoutes store;

  Routes(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this.entries = new EntryRoutes(store, limits);
    this.store = new StoreRoutes(store, limits);
  }

  EntryRoutes entries() {
    return entries;
  }

  StoreRoutes store() {
    return store;
  }

  /**
   * Starts the body that belongs to a request.
   *
   * @param toStore the request, if it is one to the store as a whole
   * @throws HttpException if it is announced to be too long
   */
  RequestBody startBody(EntryRequest toEntry, @Nullable StoreRequest toStore, long announced) {
    return toStore == null
        ? entries.startBody(toEntry.method(), announced)
        : store.startBody(toStore.route(), announced);
  }

  /**
   * Starts what changes something.
   *
   * @param toStore the request, if it is one to the store as a whole
   * @param executor for what has to be tried again
   * @return completes when it has happened, with what {@link #answer} needs, or failed
   */
  CompletableFuture<?> write(
      EntryRequest toEntry, @Nullable StoreRequest toStore, byte[] body, Executor executor) {
    return toStore == null ? entries.write(toEntry, body, executor) : store.write(body, executor);
  }

  /** Answers what has happened. */
  void answer(EntryRequest toEntry, Object result, Persistence persistence, ResponseWriter out) {
    if (result instanceof Body body) {
      out.body(body, persistence);
    } else {
      entries.answer(toEntry, result, persistence, out);
    }
  }
}
