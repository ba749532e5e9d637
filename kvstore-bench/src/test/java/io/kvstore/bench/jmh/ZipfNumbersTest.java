package io.kvstore.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ZipfNumbersTest {
  private static final int DRAWS = 1_000_000;

  @Test
  void frequenciesFollowTheLaw() {
    int n = 1_000;
    int[] drawn = new int[n + 1];
    ZipfNumbers numbers = new ZipfNumbers(n, 0.99, 1);

    for (int draw = 0; draw < DRAWS; draw++) {
      drawn[Math.toIntExact(numbers.nextRank())]++;
    }

    double sum = 0;
    for (int rank = 1; rank <= n; rank++) {
      sum += Math.pow(rank, -0.99);
    }
    for (int rank : new int[] {1, 2, 3, 10, 100}) {
      double expected = DRAWS * Math.pow(rank, -0.99) / sum;
      assertThat((double) drawn[rank])
          .as("rank %d", rank)
          .isCloseTo(expected, within(0.1 * expected));
    }
  }

  @Test
  void everyNumberIsInRangeAlsoAtTenMillion() {
    int n = 10_000_000;
    ZipfNumbers numbers = new ZipfNumbers(n, 0.99, 1);

    for (int draw = 0; draw < DRAWS; draw++) {
      assertThat(numbers.next() >= 0 && numbers.next() < n).isTrue();
    }
  }

  @Test
  void exponentOfOneIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ZipfNumbers(10, 1, 1));
  }
}
