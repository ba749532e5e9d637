package io.kvstore.server.http;

import io.kvstore.KvStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What is done to the store as a whole; see {@link StoreRoute}. */
final class StoreRoutes {
  private final KvStore<byte[], byte[]> store;
  private final StoreWrites writes;
  private final StreamLimits limits;
  private final Places listings;
  private final Places watches;

  StoreRoutes(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this.store = store;
    this.writes = new StoreWrites(store);
    this.limits = limits.streams();
    this.listings = new Places("listings", limits.streams().maxListings());
    this.watches = new Places("watches", limits.streams().maxWatches());
  }

  /**
   * Starts the body that belongs to a request.
   *
   * @throws HttpException if it is announced to be too long
   */
  RequestBody startBody(StoreRoute route, long announced) {
    return route == StoreRoute.BATCH
        ? RequestBody.kept(HttpLimits.MAX_BATCH_JSON_BYTES, announced)
        : RequestBody.skipped(HttpLimits.MAX_IGNORED_BODY_BYTES, announced);
  }

  /** Starts a batch; see {@link StoreWrites#write}. */
  CompletableFuture<Body> write(StoreRequest request, byte[] body, Executor executor) {
    return writes.write(request.grant(), body, executor);
  }

  /**
   * Returns the answer to a request, to be started.
   *
   * @throws HttpException if the request makes no sense
   */
  Streaming stream(StoreRequest request) {
    return request.route() == StoreRoute.WATCH
        ? new WatchStream(store, WatchQuery.of(request), watches, limits.heartbeatTime())
        : new Listing(store, ListingQuery.of(request), listings);
  }
}
