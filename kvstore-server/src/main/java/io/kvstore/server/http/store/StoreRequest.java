package io.kvstore.server.http.store;

import io.kvstore.server.http.entry.EntryRequest;
import io.kvstore.server.http.entry.RequestAccess;
import io.kvstore.server.http.message.ConnectionOption;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.Query;
import io.kvstore.server.http.response.StreamType;
import io.kvstore.server.http.response.StreamedHead;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** A request to the store as a whole. */
public final class StoreRequest {
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private final StoreRoute route;
  private final boolean headOnly;
  private final Query query;
  private final HttpRequest head;
  private final @Nullable RequestAccess access;

  private StoreRequest(
      StoreRoute route,
      boolean headOnly,
      Query query,
      HttpRequest head,
      @Nullable RequestAccess access) {
    this.route = route;
    this.headOnly = headOnly;
    this.query = query;
    this.head = head;
    this.access = access;
  }

  /**
   * Returns the request, or null if it is one for an entry.
   *
   * @throws HttpException if its method is not supported
   */
  public static @Nullable StoreRequest of(EntryRequest request, HttpRequest head) {
    StoreRoute route = StoreRoute.of(request);
    return route == null
        ? null
        : new StoreRequest(route, request.method() == Method.HEAD, request.query(), head, null);
  }

  /** Returns the same request, with the access that it needs; null for one to everything. */
  public StoreRequest by(@Nullable RequestAccess newAccess) {
    return new StoreRequest(route, headOnly, query, head, newAccess);
  }

  /** Returns the access, to be required whenever it is used; null for one to everything. */
  @Nullable RequestAccess access() {
    return access;
  }

  public StoreRoute route() {
    return route;
  }

  public Query query() {
    return query;
  }

  /** Whether the client prefers this media type. */
  boolean accepts(StreamType type) {
    return head.headers().containsValue("Accept", type.type(), true);
  }

  /** Returns the Last-Event-ID of a client that reconnects, or null. */
  @Nullable String lastEventId() {
    return head.headers().get(LAST_EVENT_ID);
  }

  /** Returns the parameters of the response's header section. */
  public StreamedHead streamedHead(ConnectionOption option) {
    boolean chunked = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    return new StreamedHead(chunked ? option : ConnectionOption.CLOSE, chunked, headOnly);
  }
}
