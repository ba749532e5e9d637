package io.kvstore.server.admin.port;

import org.jspecify.annotations.Nullable;

/** Authorizes requests to the management port. */
@FunctionalInterface
public interface Authorizer {
  /** Everybody who reaches it. */
  Authorizer OPEN = (authorization, path, isWrite) -> true;

  /**
   * Tells whether a request may be carried out.
   *
   * @param authorization the header field of that name, or null
   * @param isWrite whether a change is asked for
   */
  boolean admits(@Nullable String authorization, String path, boolean isWrite);
}
