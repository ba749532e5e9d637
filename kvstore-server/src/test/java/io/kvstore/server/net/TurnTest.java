package io.kvstore.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnTest {
  private final Turn turn = new Turn();

  @Test
  void turnEndsWithItsWork() {
    turn.spend(Turn.MAX_WORK - 1);
    assertThat(new Turn().isOver()).isFalse();

    turn.spend(1);

    assertThat(turn.isOver()).isTrue();
    turn.begin();
    assertThat(turn.isOver()).isFalse();
  }

  @Test
  void turnWithSlowWorkEndsWithItsTime() {
    int units = 0;
    while (!turn.isOver()) {
      long until = System.nanoTime() + Turn.MAX_NANOS / 8;
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      turn.spend(1);
      units++;
    }

    assertThat(units).isLessThan(Turn.MAX_WORK);
    assertThat(turn.isOver()).as("until the next begins").isTrue();
  }

  @Test
  void timeThatAConnectionWaitsIsNotItsTurn() {
    turn.spend(40);
    assertThat(turn.isOver()).isFalse();
    long until = System.nanoTime() + 2 * Turn.MAX_NANOS;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }

    turn.restartClock();
    turn.spend(40);

    assertThat(turn.isOver()).isFalse();
  }
}
