package io.kvstore.server.http;

import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Status;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The limit of writes that wait for the store; excess ones are rejected. Safe for use by any
 * thread.
 */
final class InFlightWrites {
  private final int limit;
  private final AtomicInteger count = new AtomicInteger();

  InFlightWrites(int limit) {
    this.limit = limit;
  }

  /**
   * Checks the limit before a write begins.
   *
   * @throws HttpException if it is reached
   */
  void check() {
    if (!hasRoom()) {
      throw HttpException.of(
          Status.UNAVAILABLE, "The limit of " + limit + " writes are waiting for the store.");
    }
  }

  /** Whether the limit is not reached. */
  boolean hasRoom() {
    return count.get() < limit;
  }

  /** Counts a write that has not completed at once. */
  void begin() {
    count.incrementAndGet();
  }

  /** Counts the completion of a write, whether successful or not. */
  void end() {
    count.decrementAndGet();
  }
}
