package io.kvstore.server.http;

import io.kvstore.KvStore;
import io.kvstore.server.http.entry.EntryReads;
import io.kvstore.server.http.entry.EntryRequest;
import io.kvstore.server.http.entry.EntryWrites;
import io.kvstore.server.http.entry.RequestAccess;
import io.kvstore.server.http.message.ConnectionOption;
import io.kvstore.server.http.message.CrossOriginPolicy;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.RequestBody;
import io.kvstore.server.http.response.Body;
import io.kvstore.server.http.response.DateField;
import io.kvstore.server.http.response.ResponseWriter;
import io.kvstore.server.http.store.StoreRequest;
import io.kvstore.server.http.store.StoreRoutes;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the main port: of an entry, and {@link StoreRoutes} of the store as a whole.
 *
 * <p>The methods of an entry:
 *
 * <ul>
 *   <li>GET and HEAD return the value, 200, or 404; a range of it, 206; or 304 if the client's copy
 *       is current.
 *   <li>PUT stores the body as it is: 201 if there was no entry, or 204.
 *   <li>POST stores the string in the body's JSON: 200.
 *   <li>DELETE removes the entry: 200, whether there was one or not.
 *   <li>OPTIONS returns the methods, of every entry and of {@code *}: 204.
 * </ul>
 *
 * <p>Each only if the preconditions If-Match and If-None-Match hold: 412 if not.
 */
final class Routes {
  private final KvStore<byte[], byte[]> entries;
  private final EntryReads reads;
  private final EntryWrites writes;
  private final StoreRoutes store;
  private final HttpLimits limits;
  private final InFlightWrites inFlight;
  private final CrossOriginPolicy policy;
  private final @Nullable HttpAuthorization authorization;

  /**
   * Creates routes.
   *
   * @param policy decides about requests of web pages
   * @param authorization null to authorize every request
   */
  Routes(
      KvStore<byte[], byte[]> store,
      HttpLimits limits,
      CrossOriginPolicy policy,
      @Nullable HttpAuthorization authorization) {
    this.entries = store;
    this.policy = policy;
    this.authorization = authorization;
    this.inFlight = new InFlightWrites(limits.maxWaitingWrites());
    this.limits = limits;
    this.reads = new EntryReads(store);
    this.writes = new EntryWrites(store, limits);
    this.store = new StoreRoutes(store, limits);
  }

  /** Returns a new writer of the responses of a connection. */
  ResponseWriter writer(ChannelHandlerContext ctx, DateField date) {
    ResponseWriter writer = new ResponseWriter(ctx, date, entries);
    writer.crossOrigin(policy.fields());
    return writer;
  }

  CrossOriginPolicy policy() {
    return policy;
  }

  EntryReads reads() {
    return reads;
  }

  EntryWrites writes() {
    return writes;
  }

  StoreRoutes store() {
    return store;
  }

  /** The limit of writes that wait for the store, of all connections. */
  InFlightWrites inFlight() {
    return inFlight;
  }

  /**
   * Authorizes a request.
   *
   * @param toStore the request, if it is one to the store as a whole
   * @return the access of the request, or null if every request is authorized
   * @throws HttpException if the request is not authorized
   */
  @Nullable RequestAccess access(
      EntryRequest toEntry, @Nullable StoreRequest toStore, HttpRequest head) {
    if (authorization == null) {
      return null;
    }
    return toStore == null
        ? authorization.check(toEntry.key(), !toEntry.isRead(), head)
        : authorization.check(toStore, head);
  }

  /**
   * Creates the buffer for a request's body.
   *
   * @param toStore the request, if it is one to the store as a whole
   * @throws HttpException if the announced length exceeds the limit
   */
  RequestBody startBody(EntryRequest toEntry, @Nullable StoreRequest toStore, long announced) {
    return toStore == null
        ? startBody(toEntry.method(), announced)
        : store.startBody(toStore.route(), announced);
  }

  private RequestBody startBody(Method method, long announced) {
    return switch (method) {
      case PUT -> RequestBody.kept(limits.maxValueBytes(), announced);
      case POST -> RequestBody.json(limits, announced);
      case GET, HEAD, DELETE, OPTIONS ->
          RequestBody.skipped(HttpLimits.MAX_IGNORED_BODY_BYTES, announced);
    };
  }

  /**
   * Starts a write.
   *
   * @param toStore the request, if it is one to the store as a whole
   * @param executor runs further attempts
   * @return completes with the result for {@link #answer}, or exceptionally
   */
  CompletableFuture<?> write(
      EntryRequest toEntry, @Nullable StoreRequest toStore, byte[] body, Executor executor) {
    return toStore == null
        ? writes.write(toEntry, body, executor)
        : store.write(toStore, body, executor);
  }

  /** Sends the response to a completed write. */
  void answer(EntryRequest toEntry, Object result, ConnectionOption option, ResponseWriter out) {
    if (result instanceof Body body) {
      out.body(body, option);
    } else {
      writes.answer(toEntry, result, option, out);
    }
  }
}
