package io.kvstore.server.http;

import io.kvstore.KvStore;
import io.netty.handler.codec.http.HttpRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What can be asked: {@link EntryRoutes} of an entry, {@link StoreRoutes} of the store. */
final class Routes {
  private final EntryRoutes entries;
  private final StoreRoutes store;
  private final WaitingWrites waiting;
  private final @Nullable HttpAccess access;

  /** Routes for everybody. */
  Routes(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this(store, limits, null);
  }

  /**
   * Routes for whom {@code access} lets in.
   *
   * @param access null for everybody
   */
  Routes(KvStore<byte[], byte[]> store, HttpLimits limits, @Nullable HttpAccess access) {
    this.access = access;
    this.waiting = new WaitingWrites(limits.maxWaitingWrites());
    this.entries = new EntryRoutes(store, limits);
    this.store = new StoreRoutes(store, limits);
  }

  EntryRoutes entries() {
    return entries;
  }

  StoreRoutes store() {
    return store;
  }

  /** The writes of all connections that wait for the store. */
  WaitingWrites waiting() {
    return waiting;
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
    if (access == null) {
      return toStore;
    }
    if (toStore == null) {
      access.check(toEntry.key(), !toEntry.isRead(), head);
      return null;
    }
    return toStore.by(access.check(toStore, head));
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
    return toStore == null
        ? entries.write(toEntry, body, executor)
        : store.write(toStore, body, executor);
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
