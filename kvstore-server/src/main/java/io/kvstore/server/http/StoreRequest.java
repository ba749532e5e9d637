package io.kvstore.server.http;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** A request to the store as a whole. */
final class StoreRequest {
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private final StoreRoute route;
  private final boolean headOnly;
  private final Query query;
  private final HttpRequest head;

  private StoreRequest(StoreRoute route, EntryRequest request, HttpRequest head) {
    this.route = route;
    this.headOnly = request.method() == Method.HEAD;
    this.query = request.query();
    this.head = head;
  }

  /**
   * Returns the request, or null if it is one to an entry.
   *
   * @throws HttpException if it can't be asked by its method
   */
  static @Nullable StoreRequest of(EntryRequest request, HttpRequest head) {
    StoreRoute route = StoreRoute.of(request);
    return route == null ? null : new StoreRequest(route, request, head);
  }

  StoreRoute route() {
    return route;
  }

  Query query() {
    return query;
  }

  /** Whether the client would rather have this than anything else. */
  boolean accepts(StreamType type) {
    return head.headers().containsValue("Accept", type.type(), true);
  }

  /** Returns the id of the last event that the client has seen, or null. */
  @Nullable String lastEventId() {
    return head.headers().get(LAST_EVENT_ID);
  }

  /** Returns what the head of an answer depends on. */
  StreamedHead streamedHead(Persistence persistence) {
    boolean chunked = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    return new StreamedHead(chunked ? persistence : Persistence.CLOSE, chunked, headOnly);
  }
}
