package io.kvstore.server.http.message;

import java.time.Duration;

/**
 * The limits of streamed responses.
 *
 * @param maxListings the number of listings in progress
 * @param maxWatches the number of open change feeds, each of which has a thread
 * @param heartbeatTime the time without an event after which a change feed sends a heartbeat
 */
public record StreamLimits(int maxListings, int maxWatches, Duration heartbeatTime) {

  /** The default of {@link #maxListings}. */
  static final int MAX_LISTINGS = 64;

  /** The default of {@link #maxWatches}: less than the limit of a store. */
  static final int MAX_WATCHES = 256;

  /** The default of {@link #heartbeatTime}. */
  static final Duration HEARTBEAT_TIME = Duration.ofSeconds(15);

  /** The default limits. */
  public static final StreamLimits USUAL =
      new StreamLimits(MAX_LISTINGS, MAX_WATCHES, HEARTBEAT_TIME);
}
