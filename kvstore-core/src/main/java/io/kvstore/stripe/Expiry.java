package io.kvstore.stripe;

import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.record.PutRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What time it is for deadlines; nobody asks unless there is one. */
public final class Expiry {
  /** Long over: all moments before it are as good. */
  private static final Instant FIRST = Instant.EPOCH;

  /** What comes after it is no number of milliseconds, and never. */
  private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

  private final InstantSource clock;

  public Expiry(InstantSource clock) {
    this.clock = clock;
  }

  public long nowMillis() {
    return clock.millis();
  }

  /**
   * Returns the deadline of an entry that is to live for so long from now.
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

  /** Returns the deadline that a put asks for, the largest long for none. */
  public long deadline(PutOptions options) {
    Duration ttl = options.ttl();
    if (ttl != null) {
      return deadline(ttl);
    }
    Instant expiresAt = options.expiresAt();
    return expiresAt == null ? Long.MAX_VALUE : deadline(expiresAt);
  }

  /** Returns the deadline of an entry that is absent from a moment on, cut to the millisecond. */
  private static long deadline(Instant expiresAt) {
    if (expiresAt.isBefore(FIRST)) {
      return FIRST.toEpochMilli();
    }
    return expiresAt.isAfter(LAST) ? Long.MAX_VALUE : expiresAt.toEpochMilli();
  }

  static boolean isOver(PutRecord put, long nowMillis) {
    return put.deadline() <= nowMillis;
  }

  /** Returns what is there at this moment of what a key holds. */
  @Nullable PutRecord live(@Nullable PutRecord put) {
    return put == null || !put.hasDeadline() || !isOver(put, nowMillis()) ? put : null;
  }
}
