package io.kvstore.server.admin;

import java.util.concurrent.CompletableFuture;

/**
 * What one method of one path does. Throws {@link IllegalArgumentException} for what the client
 * should have known better.
 */
@FunctionalInterface
interface Route {
  CompletableFuture<Reply> answer(Exchange exchange);

  /** A route that knows its answer at once. */
  static Route of(Direct direct) {
    return exchange -> CompletableFuture.completedFuture(direct.answer(exchange));
  }

  /** See {@link #of}. */
  @FunctionalInterface
  interface Direct {
    Reply answer(Exchange exchange);
  }
}
