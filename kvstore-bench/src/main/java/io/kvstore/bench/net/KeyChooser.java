package io.kvstore.bench.net;

import io.kvstore.bench.load.Zipf;
import java.util.SplittableRandom;

/** Chooses the key of the next operation. */
interface KeyChooser {
  /** Returns a number from 0 on. */
  int next(SplittableRandom random);

  /** Returns one to which all keys are alike. */
  static KeyChooser uniform(int keys) {
    return random -> random.nextInt(keys);
  }

  /** Returns one to which few keys are dear: {@link Zipf}, the ranks spread over all numbers. */
  static KeyChooser zipf(int keys) {
    Zipf zipf = new Zipf(keys, Zipf.EXPONENT);
    return random -> (int) (zipf.next(random) * STRIDE % keys);
  }

  /** A prime greater than any number of keys: its multiples reach every number. */
  long STRIDE = 2_654_435_761L;
}
