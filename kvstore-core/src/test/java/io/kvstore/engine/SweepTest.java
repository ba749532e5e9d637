package io.kvstore.engine;

import static io.kvstore.index.IndexedRecords.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.index.KeyHash;
import io.kvstore.index.KeyIndex;
import io.kvstore.log.Log;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.record.LogRecord;
import io.kvstore.recovery.LogOpening;
import io.kvstore.segment.SegmentTable;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.OpenSnapshots;
import io.kvstore.stripe.Stripe;
import io.kvstore.stripe.Stripes;
import io.kvstore.testing.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The sweep of one entry: a tombstone in its place, if it still is what expired. */
class SweepTest {
  private static final byte[] KEY = bytes("key");

  private final ManualClock clock = new ManualClock();
  private final Expiry expiry = new Expiry(clock);
  private final KeyHash keyHash = new KeyHash(1, 2);
  private final SegmentTable segments = new SegmentTable();
  private final Log log =
      LogOpening.inMemory(segments, 1 << 20, Long.MAX_VALUE, EventDispatcher.NONE).log();

  private Stripes stripes(boolean publishesLater) {
    Stripe.Shared shared =
        new Stripe.Shared(
            log, EventDispatcher.NONE, expiry, new OpenSnapshots(), null, publishesLater);
    return new Stripes(keyHash, new KeyIndex[] {new KeyIndex(segments)}, shared);
  }

  private LogRecord expiring(Stripes stripes) {
    return put(stripes, "value", expiry.deadline(Duration.ofMillis(5)));
  }

  private LogRecord put(Stripes stripes, String value, long deadline) {
    LogRecord put = LogRecord.put(KEY, bytes(value), deadline);
    long hash = keyHash.of(KEY);
    stripes.stripe(hash).put(hash, put);
    return put;
  }

  private boolean sweep(Stripes stripes, long location) {
    return stripes.sweep(keyHash.of(KEY), KEY, location, clock.millis());
  }

  @Test
  void expiredEntryIsRemovedOnce() {
    Stripes stripes = stripes(false);
    LogRecord put = expiring(stripes);
    clock.pass(Duration.ofMillis(5));

    assertThat(stripes.size()).isEqualTo(1);
    assertThat(sweep(stripes, put.location())).isTrue();
    assertThat(stripes.size()).isZero();
    assertThat(sweep(stripes, put.location())).isFalse();
    assertThat(log.stats().sequence()).isEqualTo(2);
    assertThat(log.stats().liveBytes()).isZero();
  }

  @Test
  void entryBeforeItsDeadlineStays() {
    Stripes stripes = stripes(false);
    LogRecord put = expiring(stripes);
    clock.pass(Duration.ofMillis(4));

    assertThat(sweep(stripes, put.location())).isFalse();
    assertThat(stripes.copy(KEY)).isNotNull();
    assertThat(log.stats().sequence()).isEqualTo(1);
  }

  @Test
  void entryThatWasWrittenAnewStays() {
    Stripes stripes = stripes(false);
    LogRecord put = expiring(stripes);
    clock.pass(Duration.ofMillis(5));
    LogRecord later = expiring(stripes);
    clock.pass(Duration.ofMillis(5));

    assertThat(sweep(stripes, put.location())).isFalse();
    assertThat(stripes.size()).isEqualTo(1);
    assertThat(sweep(stripes, later.location())).isTrue();
  }

  @Test
  void entryWithAChangeOnItsWayStays() {
    Stripes stripes = stripes(true);
    LogRecord put = expiring(stripes);
    stripes.publisher().publish(put);
    clock.pass(Duration.ofMillis(5));
    LogRecord later = put(stripes, "later", Long.MAX_VALUE);

    assertThat(sweep(stripes, put.location())).isFalse();
    stripes.publisher().publish(later);
    assertThat(sweep(stripes, put.location())).isFalse();
    assertThat(sweep(stripes, later.location())).isFalse();
    assertThat(stripes.copy(KEY).value()).isEqualTo(bytes("later"));
    assertThat(log.stats().sequence()).isEqualTo(2);
  }

  @Test
  void sweptEntryIsThereUntilItsTombstoneIsSafe() {
    Stripes stripes = stripes(true);
    LogRecord put = expiring(stripes);
    stripes.publisher().publish(put);
    clock.pass(Duration.ofMillis(5));

    assertThat(sweep(stripes, put.location())).isTrue();
    assertThat(stripes.size()).isEqualTo(1);
    assertThat(sweep(stripes, put.location())).isFalse();
  }
}
