package io.kvstore.server.http;

import io.kvstore.server.http.message.ConnectionOption;
import io.kvstore.server.http.response.Problem;
import io.kvstore.server.net.ReceiveBudget;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The request that a connection is receiving or executing, and the form of its response. Reused for
 * each request.
 */
final class CurrentRequest {
  private final ReceiveBudget.Share memory;
  private ConnectionOption option = ConnectionOption.CLOSE;
  private boolean head;
  private @Nullable HttpHeaders fields;
  private @Nullable IncomingRequest incoming;

  CurrentRequest(ReceiveBudget.Share memory) {
    this.memory = memory;
  }

  /** Begins a request of which the header section has been received. */
  IncomingRequest begin(HttpRequest message, Routes routes) {
    option = ConnectionOption.CLOSE;
    head = message.method().equals(HttpMethod.HEAD);
    fields = message.headers();
    IncomingRequest begun = IncomingRequest.of(message, routes);
    incoming = begun;
    option = begun.option();
    return begun;
  }

  /** Begins a fast-path request, which has been received in full and keeps the connection. */
  void beginFastPath() {
    option = ConnectionOption.KEEP;
    head = false;
  }

  /**
   * Appends the next part of the body.
   *
   * @return the request, or null if none is being received
   */
  @Nullable IncomingRequest append(HttpContent part) {
    if (incoming != null) {
      incoming.append(part, memory);
    }
    return incoming;
  }

  /** The length of the part of the body that has been received. */
  int bodyBytes() {
    return incoming == null ? 0 : incoming.bodyBytes();
  }

  /** Drops the body, because the execution has begun. */
  void executed() {
    incoming = null;
  }

  /** Forgets the request, which has been answered. */
  void end() {
    incoming = null;
    fields = null;
    memory.release();
  }

  ConnectionOption option() {
    return option;
  }

  void become(ConnectionOption changed) {
    option = changed;
  }

  /** Makes the response the last of the connection. */
  void closeAfter() {
    option = ConnectionOption.CLOSE;
  }

  boolean isHead() {
    return head;
  }

  /** Whether an error response is to be a problem document. */
  boolean wantsProblem() {
    return fields != null && Problem.isWanted(fields);
  }
}
