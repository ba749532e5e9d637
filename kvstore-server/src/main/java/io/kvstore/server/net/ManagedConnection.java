package io.kvstore.server.net;

import java.time.Duration;

/** A connection, as the idle timer and shutdown see it. Called on its event loop. */
public interface ManagedConnection {

  /** Changes whenever something of the client's has come, or been answered. */
  long progress();

  /**
   * Whether the client has to do the next step, and soon.
   *
   * @param unsentBytes what the client has not taken yet
   */
  boolean isStalling(long unsentBytes);

  /** Whether the client has to wait for the store. */
  boolean isWaiting();

  /** Whether the client may say nothing for ever. */
  default boolean mayIdle() {
    return false;
  }

  /** Finishes what has begun, then closes. */
  void drain();

  /**
   * How long nothing may happen.
   *
   * @param stall if {@link #isStalling}
   * @param idle else; zero for no limit
   */
  record Patience(Duration stall, Duration idle) {}
}
