package io.kvstore.server.http;

import io.netty.handler.codec.http.HttpRequest;

/** What a request asks for: a method, the key of an entry, and the parameters behind it. */
final class EntryRequest {
  private final Method method;
  private final byte[] key;
  private final Query query;

  private EntryRequest(Method method, byte[] key, Query query) {
    this.method = method;
    this.key = key;
    this.query = query;
  }

  /**
   * Reads the request line.
   *
   * @throws HttpException if the method is none of ours, or the target no key
   */
  static EntryRequest of(HttpRequest request) {
    String target = request.uri();
    return new EntryRequest(Method.of(request.method()), KeyPath.key(target), Query.of(target));
  }

  Method method() {
    return method;
  }

  /** The key's bytes, not to be changed. */
  byte[] key() {
    return key;
  }

  Query query() {
    return query;
  }

  boolean isRead() {
    return method == Method.GET || method == Method.HEAD;
  }

  /** The answer to a write that went well. */
  Status written() {
    return method == Method.PUT ? Status.NO_CONTENT : Status.OK;
  }
}
