package io.kvstore.bench.jmh;

import java.util.SplittableRandom;

/**
 * Numbers from 0 to n - 1, some of them far more often than others: by Zipf's law with an exponent
 * below 1, the k-th most frequent with a weight of 1 / k^exponent. The frequent ones are scattered
 * over the range.
 *
 * <p>By rejection-inversion (W. Hörmann and G. Derflinger, 1996): the inverse of the integral over
 * the weights, and a second try for the few that fall between it and the sum. It needs no table, so
 * nothing of it competes for the processor's caches with what is measured.
 */
final class ZipfNumbers {
  private static final long STRIDE = 2_654_435_761L; // prime, so every number has its place

  private final int n;
  private final double exponent;
  private final double first;
  private final double last;
  private final double accepted;
  private final SplittableRandom random;

  ZipfNumbers(int n, double exponent, long seed) {
    if (exponent <= 0 || exponent >= 1) {
      throw new IllegalArgumentException("exponent is " + exponent + ", not between 0 and 1");
    }
    this.n = n;
    this.exponent = exponent;
    first = integral(1.5) - 1;
    last = integral(n + 0.5);
    accepted = 2 - inverse(integral(2.5) - Math.pow(2, -exponent));
    random = new SplittableRandom(seed);
  }

  int next() {
    return (int) ((nextRank() - 1) * STRIDE % n);
  }

  /** Returns 1 for the most frequent number, and n for the least. */
  long nextRank() {
    while (true) {
      double at = last + random.nextDouble() * (first - last);
      double x = inverse(at);
      long rank = Math.max(1, Math.min(n, Math.round(x)));
      if (rank - x <= accepted || at >= integral(rank + 0.5) - Math.pow((double) rank, -exponent)) {
        return rank;
      }
    }
  }

  private double integral(double x) {
    return Math.pow(x, 1 - exponent) / (1 - exponent);
  }

  private double inverse(double x) {
    return Math.pow(x * (1 - exponent), 1 / (1 - exponent));
  }
}
