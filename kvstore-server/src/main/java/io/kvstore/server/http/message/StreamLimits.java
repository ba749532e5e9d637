package io.kvstore.server.http.message;

import java.time.Duration;

/**
 * The limits of streamed responses.
 *
 * @param maxListings listings that are under way at once
 * @param maxWatches watches that are; each has a thread
 * @param heartbeatTime how long a watch may have nothing to say before it says so
 */
public record StreamLimits(int maxListings, int maxWatches, Duration heartbeatTime) {

  /** The usual {@link #maxListings}. */
  static final int MAX_LISTINGS = 64;

  /** The usual {@link #maxWatches}: less than a store can have. */
  static final int MAX_WATCHES = 256;

  /** The usual {@link #heartbeatTime}. */
  static final Duration HEARTBEAT_TIME = Duration.ofSeconds(15);

  /** The usual limits. */
  public static final StreamLimits USUAL =
      new StreamLimits(MAX_LISTINGS, MAX_WATCHES, HEARTBEAT_TIME);
}
