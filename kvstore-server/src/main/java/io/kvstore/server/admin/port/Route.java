package io.kvstore.server.admin.port;

import java.util.concurrent.CompletableFuture;

/**
 * A handler of one method of one path. Throws {@link IllegalArgumentException} or an {@code
 * HttpException} for client errors.
 */
@FunctionalInterface
public interface Route {
  CompletableFuture<Reply> answer(Exchange exchange);

  /** Returns a route that responds without waiting. */
  static Route of(Direct direct) {
    return exchange -> CompletableFuture.completedFuture(direct.answer(exchange));
  }

  /** See {@link #of}. */
  @FunctionalInterface
  interface Direct {
    Reply answer(Exchange exchange);
  }
}
