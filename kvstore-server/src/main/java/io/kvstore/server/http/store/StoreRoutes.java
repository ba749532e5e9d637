package io.kvstore.server.http.store;

import io.kvstore.KvStore;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.RequestBody;
import io.kvstore.server.http.message.StreamLimits;
import io.kvstore.server.http.response.Body;
import io.kvstore.server.http.response.StreamedResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The handlers of requests to the store as a whole; see {@link StoreRoute}. */
public final class StoreRoutes {
  private final KvStore<byte[], byte[]> store;
  private final StoreWrites writes;
  private final int maxValueBytes;
  private final StreamLimits limits;
  private final Permits listings;
  private final Permits watches;

  public StoreRoutes(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this.store = store;
    this.writes = new StoreWrites(store);
    this.maxValueBytes = limits.maxValueBytes();
    this.limits = limits.streams();
    this.listings = new Permits("listings", limits.streams().maxListings());
    this.watches = new Permits("watches", limits.streams().maxWatches());
  }

  /**
   * Creates the buffer for a request's body.
   *
   * @throws HttpException if the announced length exceeds the limit
   */
  public RequestBody startBody(StoreRoute route, long announced) {
    return route == StoreRoute.BATCH
        ? RequestBody.batch(maxValueBytes, announced)
        : RequestBody.skipped(HttpLimits.MAX_IGNORED_BODY_BYTES, announced);
  }

  /** Starts a batch; see {@link StoreWrites#write}. */
  public CompletableFuture<Body> write(StoreRequest request, byte[] body, Executor executor) {
    return writes.write(request.access(), body, executor);
  }

  /**
   * Returns the response to a request, not started.
   *
   * @throws HttpException if the request is not valid
   */
  public StreamedResponse stream(StoreRequest request) {
    return request.route() == StoreRoute.WATCH
        ? new WatchStream(
            store, WatchQuery.of(request), request.access(), watches, limits.heartbeatTime())
        : new Listing(store, ListingQuery.of(request), request.access(), listings);
  }
}
