package io.kvstore.server.http;

import io.kvstore.KvStore;
import io.kvstore.server.http.entry.EntryReads;
import io.kvstore.server.http.entry.EntryRequest;
import io.kvstore.server.http.entry.EntryWrites;
import io.kvstore.server.http.message.ConnectionOption;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.RequestBody;
import io.kvstore.server.http.response.Body;
import io.kvstore.server.http.response.ResponseWriter;
import io.kvstore.server.http.store.StoreRequest;
import io.kvstore.server.http.store.StoreRoutes;
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
 *   <li>GET and HEAD answer the value, 200, or 404; a part of it, 206; or that the client has it,
 *       304.
 *   <li>PUT stores the body as it is: 201 if there was no entry, or 204.
 *   <li>POST stores the string in the body's JSON: 200.
 *   <li>DELETE removes the entry: 200, whether there was one or not.
 *   <li>OPTIONS says which methods there are, of every entry and of {@code *}: 204.
 * </ul>
 *
 * <p>Each only if the preconditions If-Match and If-None-Match hold: 412 if not.
 */
final class Routes {
  private final EntryReads reads;
  private final EntryWrites writes;
  private final StoreRoutes store;
  private final HttpLimits limits;
  private final InFlightWrites inFlight;
  private final @Nullable HttpAuthorization authorization;

  /** Routes for everybody. */
  Routes(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this(store, limits, null);
  }

  /**
   * Routes for whom {@code authorization} lets in.
   *
   * @param authorization null for everybody
   */
  Routes(
      KvStore<byte[], byte[]> store, HttpLimits limits, @Nullable HttpAuthorization authorization) {
    this.authorization = authorization;
    this.inFlight = new InFlightWrites(limits.maxWaitingWrites());
    this.limits = limits;
    this.reads = new EntryReads(store);
    this.writes = new EntryWrites(store, limits);
    this.store = new StoreRoutes(store, limits);
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

  /** The writes of all connections that wait for the store. */
  InFlightWrites inFlight() {
    return inFlight;
  }

  /**
   * Checks whether somebody may do what is asked for.
   *
   * @param toStore the request, if it is one to the store as a whole
   * @return the same, with what may be done if that has to be known later
   * @throws HttpException if not
   */
  @Nullable StoreRequest admitted(
      EntryRequest toEntry, @Nullable StoreRequest toStore, HttpRequest head) {
    if (authorization == null) {
      return toStore;
    }
    if (toStore == null) {
      authorization.check(toEntry.key(), !toEntry.isRead(), head);
      return null;
    }
    return toStore.by(authorization.check(toStore, head));
  }

  /**
   * Starts the body that belongs to a request.
   *
   * @param toStore the request, if it is one to the store as a whole
   * @throws HttpException if it is announced to be too long
   */
  RequestBody startBody(EntryRequest toEntry, @Nullable StoreRequest toStore, long announced) {
    return toStore == null
        ? startBody(toEntry.method(), announced)
        : store.startBody(toStore.route(), announced);
  }

  private RequestBody startBody(Method method, long announced) {
    return switch (method) {
      case PUT -> RequestBody.kept(limits.maxValueBytes(), announced);
      case POST -> RequestBody.kept(limits.maxJsonBytes(), announced);
      case GET, HEAD, DELETE, OPTIONS ->
          RequestBody.skipped(HttpLimits.MAX_IGNORED_BODY_BYTES, announced);
    };
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
    return toStore == null
        ? writes.write(toEntry, body, executor)
        : store.write(toStore, body, executor);
  }

  /** Answers what has happened. */
  void answer(EntryRequest toEntry, Object result, ConnectionOption option, ResponseWriter out) {
    if (result instanceof Body body) {
      out.body(body, option);
    } else {
      writes.answer(toEntry, result, option, out);
    }
  }
}
