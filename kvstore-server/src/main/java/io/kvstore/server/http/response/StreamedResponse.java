package io.kvstore.server.http.response;

import io.kvstore.server.http.message.HttpException;

/**
 * A streamed response, produced while it is sent, since it may be too long to be kept in memory.
 * Everything happens on the connection's event loop.
 */
public interface StreamedResponse {

  /**
   * Begins.
   *
   * @throws HttpException if there is something else to answer; only before anything is sent
   */
  void start(ResponseStream answer);

  /** Goes on, now that the client has taken what was sent. */
  void resume();

  /** Sends nothing more: the client has gone, or the answer is at its end. */
  void stop();

  /** Whether the answer goes on until somebody wants it to end. */
  default boolean isEndless() {
    return false;
  }

  /** Brings an endless answer to its end. */
  default void finish() {}
}
