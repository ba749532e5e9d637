package io.kvstore.server.net;

import java.time.Duration;

/** A connection, as the idle timer and shutdown see it. Called on its event loop. */
public interface ManagedConnection {

  /**
   * Returns a counter that changes whenever bytes of a request have been received, or a response
   * has been sent.
   */
  long progress();

  /**
   * Whether the client is expected to send or read without delay.
   *
   * @param unsentBytes the bytes that the client has not read yet
   */
  boolean isStalling(long unsentBytes);

  /** Whether a request waits for the store. */
  boolean isWaiting();

  /** Whether the client may be idle without limit. */
  default boolean mayIdle() {
    return false;
  }

  /** Finishes the current request, then closes. */
  void drain();

  /**
   * The time limits of a connection without progress.
   *
   * @param stall the limit if {@link #isStalling}
   * @param idle the limit otherwise; zero for none
   */
  record Patience(Duration stall, Duration idle) {}
}
