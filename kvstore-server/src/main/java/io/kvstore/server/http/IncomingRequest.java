package io.kvstore.server.http;

import io.kvstore.server.http.entry.EntryRequest;
import io.kvstore.server.http.entry.RequestAccess;
import io.kvstore.server.http.message.ConnectionOption;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.RequestBody;
import io.kvstore.server.http.message.RequestHead;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.store.StoreRequest;
import io.kvstore.server.net.ReceiveBudget;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request whose header section has been parsed. A rejected one is still read to its end if its
 * length is known, so that the connection can be reused.
 */
final class IncomingRequest {
  private static final byte[] NO_BODY = {};

  private final RequestHead head;
  private final @Nullable EntryRequest entry;
  private final @Nullable StoreRequest store;
  private final @Nullable RequestAccess access;
  private final @Nullable HttpException error;
  private final @Nullable RequestBody body;

  private IncomingRequest(
      RequestHead head,
      @Nullable EntryRequest entry,
      @Nullable StoreRequest store,
      @Nullable RequestAccess access,
      @Nullable HttpException error,
      @Nullable RequestBody body) {
    this.head = head;
    this.entry = entry;
    this.store = store;
    this.access = access;
    this.error = error;
    this.body = body;
  }

  /**
   * Parses the header section of a request.
   *
   * @throws HttpException fatal, if the rest of the request can't be read
   */
  static IncomingRequest of(HttpRequest message, Routes routes) {
    if (message.decoderResult().isFailure()) {
      throw HttpErrors.malformed(message.decoderResult().cause(), true);
    }
    RequestHead head = RequestHead.of(message);
    EntryRequest entry;
    StoreRequest store;
    RequestAccess access;
    try {
      routes.policy().check(message);
      entry = EntryRequest.of(message);
      boolean isPreflight = routes.policy().isPreflight(message);
      store = isPreflight ? null : StoreRequest.of(entry, message);
      access = isPreflight ? null : routes.access(entry, store, message);
      store = store == null ? null : store.by(access);
    } catch (HttpException error) {
      return rejected(head, error);
    }
    RequestBody body = head.hasBody() ? routes.startBody(entry, store, head.bodyBytes()) : null;
    return new IncomingRequest(head, entry, store, access, null, body);
  }

  private static IncomingRequest rejected(RequestHead head, HttpException error) {
    if (head.expectsContinue() || head.bodyBytes() > HttpLimits.MAX_IGNORED_BODY_BYTES) {
      throw error.asFatal();
    }
    RequestBody body = RequestBody.skipped(HttpLimits.MAX_IGNORED_BODY_BYTES, head.bodyBytes());
    return new IncomingRequest(head, null, null, null, error, body);
  }

  ConnectionOption option() {
    return head.option();
  }

  /** Whether the client waits for 100 Continue before it sends the body. */
  boolean expectsContinue() {
    return head.hasBody() && head.expectsContinue();
  }

  /**
   * Appends the next part of the body.
   *
   * @param memory the memory share of the connection
   * @throws HttpException fatal, if the end of the body can't be found or is too far, or the memory
   *     budget is exhausted
   */
  void append(HttpContent piece, ReceiveBudget.Share memory) {
    if (piece.decoderResult().isFailure()) {
      throw HttpErrors.malformed(piece.decoderResult().cause(), false);
    }
    if (body != null) {
      hold(body.sizeWith(piece.content().readableBytes()), memory);
      body.append(piece.content());
    }
  }

  private static void hold(int bytes, ReceiveBudget.Share memory) {
    if (!memory.hold(bytes)) {
      throw HttpException.fatal(
          bytes > memory.limit() ? Status.CONTENT_TOO_LARGE : Status.UNAVAILABLE,
          "The partially received requests of all clients would exceed the limit of "
              + memory.limit()
              + " bytes.");
    }
  }

  /**
   * Returns the request once it has been received in full.
   *
   * @throws HttpException if the request is rejected
   */
  EntryRequest entry() {
    if (entry == null) {
      throw error == null ? HttpException.malformed("The request is empty.") : error;
    }
    return entry;
  }

  /**
   * Requires the access again, since the body may have taken a while.
   *
   * @throws HttpException if the client does not have it any more
   */
  void requireAccess() {
    if (access != null) {
      access.require();
    }
  }

  /** Returns the request to the store as a whole, or null if it is one for an entry. */
  @Nullable StoreRequest store() {
    return store;
  }

  byte[] body() {
    return body == null ? NO_BODY : body.bytes();
  }

  /** The length of the part of the body that has been received. */
  int bodyBytes() {
    return body == null ? 0 : body.length();
  }
}
