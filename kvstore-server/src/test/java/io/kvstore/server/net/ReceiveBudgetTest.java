package io.kvstore.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The memory budget, which all connections together do not exceed. */
class ReceiveBudgetTest {
  private static final int FREE = ReceiveBudget.FREE_BYTES;

  private final ReceiveBudget budget = new ReceiveBudget(100);
  private final ReceiveBudget.Share one = budget.share();
  private final ReceiveBudget.Share other = budget.share();

  @Test
  void everybodyHasAFreePart() {
    assertThat(one.hold(FREE)).isTrue();
    assertThat(other.hold(FREE)).isTrue();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void whatOneHoldsAnotherCannot() {
    assertThat(one.hold(FREE + 60)).isTrue();
    assertThat(other.hold(FREE + 41)).isFalse();
    assertThat(other.hold(FREE + 40)).isTrue();
    assertThat(budget.taken()).isEqualTo(100);
    assertThat(one.hold(FREE + 61)).isFalse();

    one.release();
    assertThat(budget.taken()).isEqualTo(40);
    assertThat(other.hold(FREE + 100)).isTrue();
  }

  @Test
  void holdingMoreTakesTheDifference() {
    assertThat(one.hold(FREE + 10)).isTrue();
    assertThat(one.hold(FREE + 30)).isTrue();
    assertThat(one.hold(FREE + 20)).isTrue();
    assertThat(budget.taken()).isEqualTo(30);

    one.release();
    one.release();
    assertThat(budget.taken()).isZero();
  }
}
