package io.kvstore.server.http;

import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Status;
import java.util.concurrent.atomic.AtomicInteger;

/** The limit of writes that wait for the store; excess ones are rejected. For any thread. */
final class InFlightWrites {
  private final int limit;
  private final AtomicInteger count = new AtomicInteger();

  InFlightWrites(int limit) {
    this.limit = limit;
  }

  /**
   * To be asked before a write begins.
   *
   * @throws HttpException if too many wait already
   */
  void check() {
    if (!hasRoom()) {
      throw HttpException.of(
          Status.UNAVAILABLE, "The limit of " + limit + " writes are waiting for the store.");
    }
  }

  /** Whether there is room for another. */
  boolean hasRoom() {
    return count.get() < limit;
  }

  /** One has not happened at once. */
  void begin() {
    count.incrementAndGet();
  }

  /** It has, now, or has failed. */
  void end() {
    count.decrementAndGet();
  }
}
