package io.kvstore.bench.load;

import java.util.SplittableRandom;

/**
 * Draws ranks by Zipf's law with an exponent s below 1: the probability of rank k, from 0, is
 * proportional to (k + 1) to the power of -s. It needs no table, so that ten million ranks cost no
 * more than ten, and do not compete for the processor's caches with what is measured.
 *
 * <p>The method is rejection-inversion (Hörmann and Derflinger, 1996): a point under the curve x^-s
 * is drawn by inverting its integral, and rounded; the few points that rounding would give to the
 * wrong rank are drawn again.
 */
public final class Zipf {
  /** What YCSB has, and so everyone. */
  public static final double EXPONENT = 0.99;

  private final int ranks;
  private final double exponent;
  private final double rest;
  private final double areaBeforeFirst;
  private final double areaOfAll;
  private final double sureDistance;

  /**
   * Has ranks 0 to {@code ranks} - 1.
   *
   * @throws IllegalArgumentException if the exponent is not between 0 and 1
   */
  public Zipf(int ranks, double exponent) {
    if (exponent <= 0 || exponent >= 1) {
      throw new IllegalArgumentException("exponent is " + exponent + ", not between 0 and 1");
    }
    this.ranks = ranks;
    this.exponent = exponent;
    rest = 1 - exponent;
    areaBeforeFirst = area(1.5) - 1;
    areaOfAll = area(ranks + 0.5);
    sureDistance = 2 - inverse(area(2.5) - height(2));
  }

  /** Returns a rank from 0 on; 0 is the most frequent. */
  public long next(SplittableRandom random) {
    while (true) {
      double drawn = areaOfAll + random.nextDouble() * (areaBeforeFirst - areaOfAll);
      double x = inverse(drawn);
      double rank = Math.max(1, Math.min(ranks, Math.rint(x)));
      if (rank - x <= sureDistance || drawn >= area(rank + 0.5) - height(rank)) {
        return (long) rank - 1;
      }
    }
  }

  private double height(double x) {
    return Math.pow(x, -exponent);
  }

  private double area(double x) {
    return (Math.pow(x, rest) - 1) / rest;
  }

  private double inverse(double area) {
    return Math.pow(1 + area * rest, 1 / rest);
  }
}
