package io.kvstore.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SpinBeforeSelectTest {
  private final SpinBeforeSelect strategy = new SpinBeforeSelect();

  @Test
  void sleepsOnlyIfThereIsNothing() throws Exception {
    assertThat(strategy.calculateStrategy(() -> 0, false)).isEqualTo(SelectStrategy.SELECT);
    assertThat(strategy.calculateStrategy(() -> 3, false)).isEqualTo(3);
  }

  @Test
  void neverSleepsWhileThereAreTasks() throws Exception {
    assertThat(strategy.calculateStrategy(() -> 0, true)).isZero();
    assertThat(strategy.calculateStrategy(() -> 3, true)).isEqualTo(3);
  }

  @Test
  void looksOnceBeforeItSleeps() throws Exception {
    AtomicInteger looks = new AtomicInteger();

    strategy.calculateStrategy(
        () -> {
          looks.incrementAndGet();
          return 0;
        },
        false);

    assertThat(looks).hasValue(1);
  }
}
