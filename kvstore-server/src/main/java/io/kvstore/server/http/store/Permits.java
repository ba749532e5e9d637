package io.kvstore.server.http.store;

import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Status;
import java.util.concurrent.atomic.AtomicInteger;

/** A limit of operations in flight, as permits. Safe for use by any thread. */
final class Permits {
  private final String what;
  private final int limit;
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * @param what the operations, in the plural
   */
  Permits(String what, int limit) {
    this.what = what;
    this.limit = limit;
  }

  /**
   * Acquires a permit.
   *
   * @throws HttpException if there is none; the client may retry
   */
  void acquire() {
    if (taken.incrementAndGet() > limit) {
      taken.decrementAndGet();
      throw HttpException.of(
          Status.UNAVAILABLE,
          "There are " + limit + " " + what + " in progress, which is the limit.");
    }
  }

  void release() {
    taken.decrementAndGet();
  }
}
