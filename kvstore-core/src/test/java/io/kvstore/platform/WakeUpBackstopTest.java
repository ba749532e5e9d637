package io.kvstore.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The wake-up of waiters whose waking threads have died. */
class WakeUpBackstopTest {
  private final WakeUpBackstop watch = new WakeUpBackstop();
  private @Nullable Thread waiter;

  @Test
  void whenNothingElseIsToBeDone() throws Exception {
    SharedSync sync = syncWhoseWakersDie();

    end(sync);
    assertThat(sync.isDrained()).isFalse();
    watch.wakeAll();

    assertThatTheWaiterGoesOn();
    assertThat(watch.isEmpty()).isTrue();
  }

  @Test
  void whenManySyncsHaveFollowed() throws Exception {
    end(syncWhoseWakersDie());

    for (int i = 0; i < 16; i++) {
      end(new SharedSync());
    }

    assertThatTheWaiterGoesOn();
  }

  @Test
  void isForgottenOnceAllHaveLeft() throws Exception {
    SharedSync sync = syncWhoWaits();
    end(sync);
    assertThatTheWaiterGoesOn();

    watch.add(new SharedSync());
    watch.add(new SharedSync());

    assertThat(sync.isDrained()).isTrue();
  }

  @Test
  void oneThatHasNotEndedIsKept() throws Exception {
    SharedSync sync = syncWhoWaits();
    watch.add(sync);
    assertThat(sync.isDrained()).isFalse();

    watch.add(new SharedSync());
    sync.succeed();

    assertThatTheWaiterGoesOn();
  }

  private void assertThatTheWaiterGoesOn() throws InterruptedException {
    assertThat(waiter).isNotNull();
    waiter.join(TimeUnit.SECONDS.toMillis(60));
    assertThat(waiter.isAlive()).isFalse();
  }

  private void end(SharedSync sync) {
    watch.add(sync);
    sync.succeed();
  }

  private SharedSync syncWhoWaits() throws InterruptedException {
    SharedSync sync = new SharedSync();
    Thread waiting = new Thread(sync::await, "waiter");
    waiting.setDaemon(true);
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    waiter = waiting;
    return sync;
  }

  /** The two who come last are woken first, and this thread does not wait for it. */
  private SharedSync syncWhoseWakersDie() throws InterruptedException {
    SharedSync sync = syncWhoWaits();
    assertThat(sync.enlist()).isNotNull();
    assertThat(sync.enlist()).isNotNull();
    return sync;
  }
}
