package io.kvstore.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.testing.Threads;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The claims of precedence: others wait for as long as a claim lasts, and no longer. */
@Timeout(60)
class PrecedenceTest {
  private final Precedence precedence = new Precedence(TimeUnit.HOURS.toNanos(1));

  @Test
  void whoeverHasClaimedItDoesNotWait() {
    precedence.claim();

    precedence.giveWay();
    precedence.claim();
  }

  @Test
  void othersWaitUntilTheHolderReleasesIt() throws Exception {
    AtomicBoolean released = new AtomicBoolean();
    precedence.claim();
    try (Threads threads = new Threads()) {
      Future<Boolean> seen =
          threads.start(
              () -> {
                precedence.release(); // not its own
                precedence.giveWay();
                return released.get();
              });
      Thread.sleep(20);
      released.set(true);
      precedence.release();

      assertThat(seen.get()).isTrue();
    }
  }

  @Test
  void anotherCanClaimItOnceItIsReleased() throws Exception {
    try (Threads threads = new Threads()) {
      threads.start(
          () -> {
            precedence.claim();
            precedence.release();
            return null;
          });
      threads.join();
    }

    precedence.claim();
    othersWaitUntilTheHolderReleasesIt();
  }

  @Test
  void othersGoOnWhenItIsOverThoughNobodyReleasesIt() throws Exception {
    Precedence brief = new Precedence(1_000_000);
    brief.claim();
    try (Threads threads = new Threads()) {
      threads.run(brief::giveWay);
      threads.join();
    }
  }
}
