package io.kvstore.server.http.entry;

import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.KeyPath;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.Query;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * A request for one entry: a method, the key of an entry, and whatever else the head says of it.
 */
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
   * Reads the head.
   *
   * @throws HttpException if the method is none of ours, the target no key, or a field not
   *     well-formed
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

  /** The key's bytes, not to be changed. */
  public byte[] key() {
    return key;
  }

  public Query query() {
    return query;
  }

  HttpHeaders headers() {
    return head.headers();
  }

  /** Whether there are no header fields to look at: only the Host that has to be there. */
  boolean isBare() {
    return head.headers().size() == 1 && head.protocolVersion().equals(HttpVersion.HTTP_1_1);
  }

  public boolean isRead() {
    return method.isRead();
  }

  /** What a write asks for. */
  WriteOptions options() {
    return options;
  }
}
