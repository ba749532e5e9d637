package io.kvstore.stripe;

import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.record.PutRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The clock for deadlines; it is read only for entries with a deadline. */
public final class Expiry {
  /** The earliest deadline; earlier ones are equivalent, since they have long passed. */
  private static final Instant FIRST = Instant.EPOCH;

  /** The latest deadline; later ones are not representable in milliseconds, and count as none. */
  private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

  private final InstantSource clock;

  public Expiry(InstantSource clock) {
    this.clock = clock;
  }

  public long nowMillis() {
    return clock.millis();
  }

  /**
   * Returns the deadline for a time to live from now.
   *
   * @throws IllegalArgumentException if that is less than {@link KvStore#MIN_TTL} or more than
   *     {@link KvStore#MAX_TTL}
   */
  public long deadline(Duration ttl) {
    if (ttl.compareTo(KvStore.MIN_TTL) < 0 || ttl.compareTo(KvStore.MAX_TTL) > 0) {
      throw new IllegalArgumentException(
          "ttl is " + ttl + ", not from 1 millisecond to MAX_TTL = " + KvStore.MAX_TTL);
    }
    return nowMillis() + ttl.toMillis();
  }

  /** Returns the deadline of the options of a put, the largest long for none. */
  public long deadline(PutOptions options) {
    Duration ttl = options.ttl();
    if (ttl != null) {
      return deadline(ttl);
    }
    Instant expiresAt = options.expiresAt();
    return expiresAt == null ? Long.MAX_VALUE : deadline(expiresAt);
  }

  /** Returns a deadline in milliseconds, rounded down. */
  private static long deadline(Instant expiresAt) {
    if (expiresAt.isBefore(FIRST)) {
      return FIRST.toEpochMilli();
    }
    return expiresAt.isAfter(LAST) ? Long.MAX_VALUE : expiresAt.toEpochMilli();
  }

  static boolean isOver(PutRecord put, long nowMillis) {
    return put.deadline() <= nowMillis;
  }

  /** Returns the record of a put, or null if it has expired now. */
  @Nullable PutRecord live(@Nullable PutRecord put) {
    return put == null || !put.hasDeadline() || !isOver(put, nowMillis()) ? put : null;
  }
}
