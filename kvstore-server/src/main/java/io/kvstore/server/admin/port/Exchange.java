package io.kvstore.server.admin.port;

import io.kvstore.server.http.message.Query;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/** A complete request to the management port. */
public final class Exchange {
  private final String method;
  private final String path;
  private final Query query;
  private final HttpHeaders headers;
  private final byte[] body;
  private final boolean isCurrent;

  private Exchange(FullHttpRequest request) {
    HttpMethod method = request.method();
    String target = request.uri();
    int mark = target.indexOf('?');
    this.method = method.equals(HttpMethod.HEAD) ? HttpMethod.GET.name() : method.name();
    this.path = mark < 0 ? target : target.substring(0, mark);
    this.query = Query.of(target);
    this.headers = request.headers();
    this.body = ByteBufUtil.getBytes(request.content());
    this.isCurrent = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
  }

  /** Copies a request, so that it may be released. */
  static Exchange of(FullHttpRequest request) {
    return new Exchange(request);
  }

  /** The method; GET for HEAD, which has the same response. */
  String method() {
    return method;
  }

  /** The path, without decoding. */
  String path() {
    return path;
  }

  public Query query() {
    return query;
  }

  public HttpHeaders headers() {
    return headers;
  }

  public byte[] body() {
    return body;
  }

  /** Whether the request is of HTTP/1.1, in which every request has a Host. */
  boolean isCurrent() {
    return isCurrent;
  }

  /** Whether the request is a change. */
  boolean isWrite() {
    return !method.equals(HttpMethod.GET.name());
  }
}
