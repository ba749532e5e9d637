package io.kvstore.engine;

import java.util.Arrays;

/**
 * The locks of several stripes, taken in ascending order, so that no two who take several wait for
 * each other. Whoever holds the lock of every stripe sees no batch half applied.
 */
final class HeldStripes implements AutoCloseable {
  private final Stripe[] all;
  private final int[] held;

  private HeldStripes(Stripe[] all, int[] held) {
    this.all = all;
    this.held = held;
  }

  /** Takes the locks of the stripes of some keys. */
  static HeldStripes lock(Stripe[] all, long[] hashes) {
    int[] numbers = new int[hashes.length];
    for (int i = 0; i < hashes.length; i++) {
      numbers[i] = Stripes.stripeOf(hashes[i], all.length);
    }
    Arrays.sort(numbers);
    for (int i = 0; i < numbers.length; i++) {
      if (i == 0 || numbers[i] != numbers[i - 1]) {
        all[numbers[i]].lock();
      }
    }
    return new HeldStripes(all, numbers);
  }

  /** Makes room in the indexes for a put of each key. */
  void ensureRoom() {
    for (int from = 0, i = 1; i <= held.length; i++) {
      if (i == held.length || held[i] != held[from]) {
        all[held[from]].ensureRoom(i - from);
        from = i;
      }
    }
  }

  @Override
  public void close() {
    for (int i = held.length - 1; i >= 0; i--) {
      if (i == 0 || held[i] != held[i - 1]) {
        all[held[i]].unlock();
      }
    }
  }
}
