package io.kvstore.server.http.store;

import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Status;
import java.util.concurrent.atomic.AtomicInteger;

/** How many of something may be under way at once. For any thread. */
final class Places {
  private final String what;
  private final int limit;
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * @param what is under way, in the plural
   */
  Places(String what, int limit) {
    this.what = what;
    this.limit = limit;
  }

  /**
   * Takes a place.
   *
   * @throws HttpException if there is none; the client may try again
   */
  void take() {
    if (taken.incrementAndGet() > limit) {
      taken.decrementAndGet();
      throw HttpException.of(
          Status.UNAVAILABLE,
          "There are " + limit + " " + what + " under way, which is the limit.");
    }
  }

  void giveBack() {
    taken.decrementAndGet();
  }
}
