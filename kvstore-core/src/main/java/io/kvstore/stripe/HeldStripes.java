package io.kvstore.stripe;

import io.kvstore.index.KeyHash;
import io.kvstore.record.LogRecord;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToLongFunction;

/**
 * The locks of several stripes, taken in ascending order, so that no two who take several wait for
 * each other. Whoever holds the lock of every stripe sees no batch half applied.
 */
final class HeldStripes {
  private final Stripe[] all;
  private final int[] held;

  /**
   * How many of {@link #held} have been passed; each stripe is locked at the first that names it.
   */
  private int count;

  private HeldStripes(Stripe[] all, int[] held) {
    this.all = all;
    this.held = held;
  }

  /** Takes the locks of the stripes of some keys. */
  static HeldStripes lock(Stripe[] all, long[] hashes) {
    int[] numbers = new int[hashes.length];
    for (int i = 0; i < hashes.length; i++) {
      numbers[i] = KeyHash.stripeOf(hashes[i], all.length);
    }
    Arrays.sort(numbers);
    HeldStripes stripes = new HeldStripes(all, numbers);
    try {
      stripes.lockAll();
    } catch (Throwable e) {
      stripes.close();
      throw e;
    }
    return stripes;
  }

  private void lockAll() {
    for (int i = 0; i < held.length; i++) {
      if (i == 0 || held[i] != held[i - 1]) {
        all[held[i]].lock();
      }
      count = i + 1;
    }
  }

  /**
   * Tells of each change of a batch whether a later one of the same batch is of the same key: that
   * takes its place before anyone has seen it.
   */
  static boolean[] overtaken(List<LogRecord> batch, IntToLongFunction hashes) {
    boolean[] overtaken = new boolean[batch.size()];
    Set<HashedKey> later = new HashSet<>();
    for (int i = overtaken.length - 1; i >= 0 && overtaken.length > 1; i--) {
      overtaken[i] = !later.add(new HashedKey(hashes.applyAsLong(i), batch.get(i).key()));
    }
    return overtaken;
  }

  /** Lets go of all that are held. */
  void close() {
    while (count > 0) {
      int i = --count;
      if (i == 0 || held[i] != held[i - 1]) {
        all[held[i]].unlock();
      }
    }
  }
}
