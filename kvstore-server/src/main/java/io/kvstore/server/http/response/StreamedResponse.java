package io.kvstore.server.http.response;

import io.kvstore.server.http.message.HttpException;

/**
 * A streamed response, produced while it is sent, since it may be too long for memory. Called on
 * the connection's event loop.
 */
public interface StreamedResponse {

  /**
   * Starts the response.
   *
   * @throws HttpException to send another response instead; only before anything is sent
   */
  void start(ResponseStream answer);

  /** Continues, because the client has read what was sent. */
  void resume();

  /** Stops: the connection is closed, or the response has ended. */
  void stop();

  /** Whether the response does not end by itself. */
  default boolean isEndless() {
    return false;
  }

  /** Ends a response that does not end by itself. */
  default void finish() {}
}
