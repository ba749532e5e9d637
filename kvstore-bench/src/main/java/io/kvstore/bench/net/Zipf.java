package io.kvstore.bench.net;

import java.util.SplittableRandom;

/**
 * Ranks by Zipf's law with the exponent 0.99: the rank k, from 0, comes up in proportion to (k + 1)
 * to the power of -0.99. It has no table, so that ten million ranks cost no more than ten.
 *
 * <p>The method is rejection-inversion (Hörmann and Derflinger, 1996): a point under the curve
 * x^-0.99 is drawn by inverting its integral, and rounded; the few points that rounding would give
 * to the wrong rank are drawn again.
 */
final class Zipf {
  /** What YCSB has, and so everyone. */
  static final double EXPONENT = 0.99;

  private static final double REST = 1 - EXPONENT;

  private final int ranks;
  private final double areaBeforeFirst;
  private final double areaOfAll;
  private final double sureDistance;

  Zipf(int ranks) {
    this.ranks = ranks;
    areaBeforeFirst = area(1.5) - 1;
    areaOfAll = area(ranks + 0.5);
    sureDistance = 2 - inverse(area(2.5) - height(2));
  }

  /** Returns a rank from 0 on; 0 is the most frequent. */
  long next(SplittableRandom random) {
    while (true) {
      double drawn = areaOfAll + random.nextDouble() * (areaBeforeFirst - areaOfAll);
      double x = inverse(drawn);
      double rank = Math.max(1, Math.min(ranks, Math.rint(x)));
      if (rank - x <= sureDistance || drawn >= area(rank + 0.5) - height(rank)) {
        return (long) rank - 1;
      }
    }
  }

  private static double height(double x) {
    return Math.pow(x, -EXPONENT);
  }

  private static double area(double x) {
    return (Math.pow(x, REST) - 1) / REST;
  }

  private static double inverse(double area) {
    return Math.pow(1 + area * REST, 1 / REST);
  }
}
