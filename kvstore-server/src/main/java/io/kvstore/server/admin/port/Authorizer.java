package io.kvstore.server.admin.port;

import org.jspecify.annotations.Nullable;

/** Authorizes requests to the management port. */
@FunctionalInterface
public interface Authorizer {
  /** Authorizes every request. */
  Authorizer OPEN = (authorization, path, isWrite) -> true;

  /**
   * Whether a request is authorized.
   *
   * @param authorization the Authorization header field, or null
   * @param isWrite whether the request is a change
   */
  boolean admits(@Nullable String authorization, String path, boolean isWrite);
}
