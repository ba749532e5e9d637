package io.kvstore.server.http;

import io.netty.handler.codec.http.HttpRequest;

/** What a request asks for: a method, and the key of an entry. */
final class EntryRequest {
  private final Method method;
  private final byte[] key;

  private EntryRequest(Method method, byte[] key) {
    this.method = method;
    this.key = key;
  }

  /**
   * Reads the request line.
   *
   * @throws HttpException if the method is none of ours, or the target no key
   */
  static EntryRequest of(HttpRequest request) {
    return new EntryRequest(Method.of(request.method()), KeyPath.key(request.uri()));
  }

  Method method() {
    return method;
  }

  /** The key's bytes, not to be changed. */
  byte[] key() {
    return key;
  }

  boolean isRead() {
    return method == Method.GET || method == Method.HEAD;
  }

  /** The answer to a write that went well. */
  Status written() {
    return method == Method.PUT ? Status.NO_CONTENT : Status.OK;
  }
}
