package io.kvstore.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.testing.Threads;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedSyncTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 40})
  void allWhoWaitAreWokenHoweverItEnds(int waiters) throws Exception {
    for (int round = 0; round < 50; round++) {
      SharedSync sync = new SharedSync();
      CountDownLatch started = new CountDownLatch(waiters);
      try (Threads threads = new Threads()) {
        for (int i = 0; i < waiters; i++) {
          threads.run(
              () -> {
                started.countDown();
                sync.await();
                assertThat(sync.isDone()).isTrue();
              });
        }
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        if (round % 2 == 0) {
          sync.succeed();
        } else {
          sync.fail(new IllegalStateException("by a test"));
        }
        threads.join();
      }
      assertThat(sync.isCompletedExceptionally()).isEqualTo(round % 2 == 1);
    }
  }

  @Test
  void interruptEndsNoWaitAndIsKept() throws Exception {
    SharedSync sync = new SharedSync();
    CountDownLatch started = new CountDownLatch(1);
    try (Threads threads = new Threads()) {
      Future<Boolean> kept =
          threads.start(
              () -> {
                Thread.currentThread().interrupt();
                started.countDown();
                sync.await();
                return sync.isDone() && Thread.interrupted();
              });
      assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
      sync.succeed();

      assertThat(kept.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whoComesLateDoesNotWait() {
    SharedSync sync = new SharedSync();
    sync.succeed();

    sync.await();

    assertThat(sync.isDone()).isTrue();
  }
}
