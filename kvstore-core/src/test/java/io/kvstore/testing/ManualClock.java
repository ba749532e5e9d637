package io.kvstore.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it, and counts its reads. */
public final class ManualClock implements InstantSource {
  /** How the name of the thread begins that looks now and then whether anything has expired. */
  private static final String SWEEPING = "kvstore-compact ";

  private final AtomicLong millis = new AtomicLong(1_000_000_000_000L);
  private final AtomicInteger asked = new AtomicInteger();

  @Override
  public Instant instant() {
    if (!Thread.currentThread().getName().startsWith(SWEEPING)) {
      asked.getAndIncrement();
    }
    return Instant.ofEpochMilli(millis.get());
  }

  /** Moves it on. */
  public void pass(Duration time) {
    millis.getAndAdd(time.toMillis());
  }

  /** Returns its time, without counting that. */
  public Instant now() {
    return Instant.ofEpochMilli(millis.get());
  }

  /** Returns how often the store has asked, but for its looks in the background. */
  public int asked() {
    return asked.get();
  }
}
