package io.kvstore.server.http;

import io.kvstore.server.auth.Grant;
import io.kvstore.server.auth.TokenFile;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.store.StoreRequest;
import io.kvstore.server.http.store.StoreRoute;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** The authorization of requests by bearer token. For any thread. */
final class HttpAuthorization {
  private static final byte[] NO_KEY = {};

  private final TokenFile tokens;

  private HttpAuthorization(TokenFile tokens) {
    this.tokens = tokens;
  }

  /** Returns null, which lets everybody in, if there are no tokens. */
  static @Nullable HttpAuthorization of(@Nullable TokenFile tokens) {
    return tokens == null ? null : new HttpAuthorization(tokens);
  }

  /**
   * Checks a request to the store as a whole: reads need a token for all of their prefix. Of a
   * batch the keys are not known yet.
   *
   * @return what whoever sent it may do
   * @throws HttpException if it has no token, or one for other things
   */
  Grant check(StoreRequest request, HttpRequest message) {
    if (request.route() == StoreRoute.BATCH) {
      return grant(true, message);
    }
    byte[] prefix = request.query().bytes("prefix");
    return check(prefix == null ? NO_KEY : prefix, false, message);
  }

  /**
   * Checks a request.
   *
   * @param key what it is about, or what all keys begin with that it is about
   * @param writes whether it would change something
   * @return what else whoever sent it may do
   * @throws HttpException if it has no token, or one for other things
   */
  Grant check(byte[] key, boolean writes, HttpRequest message) {
    Grant grant = grant(writes, message);
    if (!grant.covers(key)) {
      throw HttpException.of(Status.FORBIDDEN, "This token is for other keys.");
    }
    return grant;
  }

  private Grant grant(boolean writes, HttpRequest message) {
    Grant grant = tokens.bearer(message.headers().get(HttpHeaderNames.AUTHORIZATION));
    if (grant == null) {
      throw HttpException.of(
          Status.UNAUTHORIZED, "This needs a token: 'Authorization: Bearer ...' with a known one.");
    }
    if (writes && !grant.mayWrite()) {
      throw HttpException.of(Status.FORBIDDEN, "This token is for reading only.");
    }
    return grant;
  }
}
