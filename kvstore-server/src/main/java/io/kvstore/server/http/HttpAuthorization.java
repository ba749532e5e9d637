package io.kvstore.server.http;

import io.kvstore.server.auth.Admission;
import io.kvstore.server.auth.TokenFile;
import io.kvstore.server.http.entry.RequestAccess;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.store.StoreRequest;
import io.kvstore.server.http.store.StoreRoute;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** The authorization of requests by bearer token. Safe for use by any thread. */
final class HttpAuthorization {
  private static final byte[] NO_KEY = {};

  private final TokenFile tokens;

  private HttpAuthorization(TokenFile tokens) {
    this.tokens = tokens;
  }

  /**
   * Returns the authorization by these tokens; null if none are required, so that every request is
   * authorized.
   */
  static @Nullable HttpAuthorization of(@Nullable TokenFile tokens) {
    return tokens == null ? null : new HttpAuthorization(tokens);
  }

  /**
   * Authorizes a request to the store as a whole. Reads need a token for all keys with their
   * prefix; the keys of a batch are not known yet.
   *
   * @return the access of the request, to be required again when it is used
   * @throws HttpException if the request has no valid token, or one without the rights
   */
  RequestAccess check(StoreRequest request, HttpRequest message) {
    if (request.route() == StoreRoute.BATCH) {
      return required(RequestAccess.toBatch(admission(message)));
    }
    byte[] prefix = request.query().bytes("prefix");
    return check(prefix == null ? NO_KEY : prefix, false, message);
  }

  /**
   * Authorizes a request.
   *
   * @param key the key, or the prefix of all keys that are read
   * @param writes whether the request is a change
   * @return the access of the request, to be required again when it is used
   * @throws HttpException if the request has no valid token, or one without the rights
   */
  RequestAccess check(byte[] key, boolean writes, HttpRequest message) {
    return required(RequestAccess.toKey(admission(message), key, writes));
  }

  private static RequestAccess required(RequestAccess access) {
    access.require();
    return access;
  }

  private Admission admission(HttpRequest message) {
    Admission found = tokens.admit(message.headers().get(HttpHeaderNames.AUTHORIZATION));
    if (found == null) {
      throw RequestAccess.unauthenticated();
    }
    return found;
  }
}
