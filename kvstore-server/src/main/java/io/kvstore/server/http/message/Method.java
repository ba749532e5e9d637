package io.kvstore.server.http.message;

import io.netty.handler.codec.http.HttpMethod;

/** The methods of an entry. */
public enum Method {
  GET,
  HEAD,
  PUT,
  POST,
  DELETE,
  OPTIONS;

  /** The Allow header field. */
  public static final String ALLOW = "Allow: GET, HEAD, PUT, POST, DELETE, OPTIONS";

  /**
   * Returns the method.
   *
   * @throws HttpException if it is not supported
   */
  public static Method of(HttpMethod method) {
    return switch (method.name()) {
      case "GET" -> GET;
      case "HEAD" -> HEAD;
      case "PUT" -> PUT;
      case "POST" -> POST;
      case "DELETE" -> DELETE;
      case "OPTIONS" -> OPTIONS;
      default ->
          throw HttpException.of(
              Status.METHOD_NOT_ALLOWED,
              "An entry knows GET, HEAD, PUT, POST, DELETE and OPTIONS only.");
    };
  }

  /** Whether the method is read-only. */
  public boolean isRead() {
    return this == GET || this == HEAD || this == OPTIONS;
  }
}
