package io.kvstore.bench.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvstore.bench.load.Zipf;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyChooserTest {
  private static final int KEYS = 1_000;
  private static final int DRAWS = 1_000_000;
  private static final long SEED = 7;

  @Test
  void ranksComeUpByZipfsLaw() {
    Zipf zipf = new Zipf(KEYS, Zipf.EXPONENT);
    SplittableRandom random = new SplittableRandom(SEED);
    long[] counts = new long[KEYS];
    for (int draw = 0; draw < DRAWS; draw++) {
      counts[(int) zipf.next(random)]++;
    }

    double all = IntStream.rangeClosed(1, KEYS).mapToDouble(k -> Math.pow(k, -0.99)).sum();
    for (int rank : new int[] {1, 2, 3, 10, 100, 1000}) {
      double expected = DRAWS * Math.pow(rank, -0.99) / all;
      assertThat((double) counts[rank - 1])
          .as("rank %d, seed %d", rank, SEED)
          .isCloseTo(expected, within(5 * Math.sqrt(expected)));
    }
  }

  @Test
  void zipfReachesEveryKeyAndDoesNotFavourNeighbours() {
    long[] counts = counts(KeyChooser.zipf(KEYS));

    int[] byCount =
        IntStream.range(0, KEYS)
            .boxed()
            .sorted((a, b) -> Long.compare(counts[b], counts[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    assertThat(counts).doesNotContain(0L);
    assertThat(Math.abs(byCount[0] - byCount[1])).isGreaterThan(1);
  }

  @Test
  void uniformLikesAllKeysAlike() {
    assertThat(LongStream.of(counts(KeyChooser.uniform(KEYS))))
        .allMatch(count -> count > 800 && count < 1200);
  }

  @Test
  void singleKeyIsAlwaysDrawn() {
    assertThat(KeyChooser.zipf(1).next(new SplittableRandom(SEED))).isZero();
  }

  private static long[] counts(KeyChooser chooser) {
    SplittableRandom random = new SplittableRandom(SEED);
    long[] counts = new long[KEYS];
    for (int draw = 0; draw < DRAWS; draw++) {
      counts[chooser.next(random)]++;
    }
    return counts;
  }
}
