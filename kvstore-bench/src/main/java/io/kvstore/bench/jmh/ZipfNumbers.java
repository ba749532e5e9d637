package io.kvstore.bench.jmh;

import io.kvstore.bench.load.Zipf;
import java.util.SplittableRandom;

/**
 * Zipf-distributed numbers from 0 to n - 1 (see {@link Zipf}). The frequent ones are scattered over
 * the range.
 */
final class ZipfNumbers {
  private static final long STRIDE = 2_654_435_761L; // prime, so every number has its place

  private final int n;
  private final Zipf zipf;
  private final SplittableRandom random;

  ZipfNumbers(int n, double exponent, long seed) {
    this.n = n;
    zipf = new Zipf(n, exponent);
    random = new SplittableRandom(seed);
  }

  int next() {
    return (int) ((nextRank() - 1) * STRIDE % n);
  }

  /** Returns 1 for the most frequent number, and n for the least. */
  long nextRank() {
    return zipf.next(random) + 1;
  }
}
