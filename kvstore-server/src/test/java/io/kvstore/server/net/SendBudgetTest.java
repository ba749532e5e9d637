package io.kvstore.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The memory budget for what is owed to clients. */
class SendBudgetTest {
  private static final int FREE = SendBudget.FREE_BYTES;
  private static final int LIMIT = 1 << 20;

  private final SendBudget budget = new SendBudget(LIMIT);
  private final SendBudget.Share one = budget.share();
  private final SendBudget.Share other = budget.share();

  @Test
  void everybodyHasAFreePart() {
    assertThat(one.use(FREE)).isTrue();
    other.add(FREE);

    assertThat(budget.taken()).isZero();
    assertThat(one.isScarce()).isFalse();
  }

  @Test
  void whatOneUsesAnotherCannot() {
    assertThat(one.use(LIMIT)).isTrue();
    assertThat(other.use(LIMIT / 2)).isFalse();
    assertThat(budget.refusals()).isOne();
    assertThat(other.used()).isZero();

    one.free(LIMIT / 2);

    assertThat(other.use(LIMIT / 2)).isTrue();
    assertThat(budget.refusals()).isOne();
  }

  @Test
  void everyByteComesBack() {
    for (int bytes = 1; bytes < LIMIT; bytes = 3 * bytes + 1) {
      assertThat(one.use(bytes)).isTrue();
      other.add(bytes);
      assertThat(one.use(-bytes)).isTrue();
      other.free(bytes);
    }

    assertThat(budget.taken()).isZero();
    assertThat(one.used()).isZero();
  }

  @Test
  void whatIsAllocatedAlreadyCountsBeyondTheLimit() {
    one.add(3 * LIMIT);

    assertThat(budget.taken()).isGreaterThan(LIMIT);
    assertThat(one.isScarce()).isTrue();
    assertThat(other.isScarce()).as("uses only what is free").isFalse();
    assertThat(other.use(FREE)).isTrue();
    assertThat(other.use(1)).isFalse();
  }

  @Test
  void closedShareReturnsEverythingAndUsesNothing() {
    one.add(LIMIT);

    one.close();

    assertThat(budget.taken()).isZero();
    assertThat(one.use(1)).isFalse();
    one.add(LIMIT);
    one.free(LIMIT);
    one.close();
    assertThat(budget.taken()).isZero();
  }
}
