package io.kvstore.server.http;

import io.kvstore.server.http.entry.EntryRequest;
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
  private final @Nullable HttpException error;
  private final @Nullable RequestBody body;

  private IncomingRequest(
      RequestHead head,
      @Nullable EntryRequest entry,
      @Nullable StoreRequest store,
      @Nullable HttpException error,
      @Nullable RequestBody body) {
    this.head = head;
    this.entry = entry;
    this.store = store;
    this.error = error;
    this.body = body;
  }

  /**
   * Reads a head.
   *
   * @throws HttpException fatal, if it is not worth waiting for what follows
   */
  static IncomingRequest of(HttpRequest message, Routes routes) {
    if (message.decoderResult().isFailure()) {
      throw HttpErrors.malformed(message.decoderResult().cause(), true);
    }
    RequestHead head = RequestHead.of(message);
    EntryRequest entry;
    StoreRequest store;
    try {
      entry = EntryRequest.of(message);
      store = routes.admitted(entry, StoreRequest.of(entry, message), message);
    } catch (HttpException error) {
      return rejected(head, error);
    }
    RequestBody body = head.hasBody() ? routes.startBody(entry, store, head.bodyBytes()) : null;
    return new IncomingRequest(head, entry, store, null, body);
  }

  private static IncomingRequest rejected(RequestHead head, HttpException error) {
    if (head.expectsContinue() || head.bodyBytes() > HttpLimits.MAX_IGNORED_BODY_BYTES) {
      throw error.asFatal();
    }
    RequestBody body = RequestBody.skipped(HttpLimits.MAX_IGNORED_BODY_BYTES, head.bodyBytes());
    return new IncomingRequest(head, null, null, error, body);
  }

  ConnectionOption option() {
    return head.option();
  }

  /** Whether the client waits to be told that it may send the body. */
  boolean expectsContinue() {
    return head.hasBody() && head.expectsContinue();
  }

  /**
   * Takes the next piece of the body.
   *
   * @param memory of the connection
   * @throws HttpException fatal, if there is no telling or no waiting for its end, or no memory
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
          "What is being received from all clients would take more than the limit of "
              + memory.limit()
              + " bytes.");
    }
  }

  /**
   * Says what is asked for, once all is there.
   *
   * @throws HttpException if it is nothing that can be done
   */
  EntryRequest entry() {
    if (entry == null) {
      throw error == null ? HttpException.malformed("There is no request.") : error;
    }
    return entry;
  }

  /** Returns what is asked of the store as a whole, or null if an entry is meant. */
  @Nullable StoreRequest store() {
    return store;
  }

  byte[] body() {
    return body == null ? NO_BODY : body.bytes();
  }

  /** How much of the body has arrived. */
  int bodyBytes() {
    return body == null ? 0 : body.length();
  }
}
