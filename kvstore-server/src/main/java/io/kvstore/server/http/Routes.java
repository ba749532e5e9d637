package io.kvstore.server.http;

import io.kvstore.KvStore;
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
}
