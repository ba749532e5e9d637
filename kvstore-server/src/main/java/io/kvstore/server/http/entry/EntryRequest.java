package io.kvstore.server.http.entry;

import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.KeyPath;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.Query;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/** A request for one entry: method, key, query and header fields. */
public final class EntryRequest {
  private final Method method;
  private final byte[] key;
  private final Query query;
  private final HttpRequest head;
  private final WriteOptions options;

  private EntryRequest(
      Method method, byte[] key, Query query, HttpRequest head, WriteOptions options) {
    this.method = method;
    this.key = key;
    this.query = query;
    this.head = head;
    this.options = options;
  }

  /**
   * Parses the header section.
   *
   * @throws HttpException if the method is not supported, the target is not a key, or a field is
   *     malformed
   */
  public static EntryRequest of(HttpRequest head) {
    Method method = Method.of(head.method());
    boolean isForAll = method == Method.OPTIONS && head.uri().equals("*");
    byte[] key = isForAll ? new byte[0] : KeyPath.key(head.uri());
    Query query = Query.of(head.uri());
    WriteOptions options = WriteOptions.of(method, query, head.headers());
    return new EntryRequest(method, key, query, head, options);
  }

  public Method method() {
    return method;
  }

  /** The bytes of the key, which must not be changed. */
  public byte[] key() {
    return key;
  }

  public Query query() {
    return query;
  }

  HttpHeaders headers() {
    return head.headers();
  }

  /** Whether there is no header field other than Host. */
  boolean isBare() {
    return head.headers().size() == 1 && head.protocolVersion().equals(HttpVersion.HTTP_1_1);
  }

  public boolean isRead() {
    return method.isRead();
  }

  /** Parses the options of a write. */
  WriteOptions options() {
    return options;
  }
}
