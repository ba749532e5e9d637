package io.kvstore.stripe;

import io.kvstore.index.KeyHash;
import io.kvstore.platform.StackRoom;
import io.kvstore.record.LogRecord;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The held locks of several stripes, acquired in ascending order to prevent deadlocks. A thread
 * that holds the locks of all stripes sees no partially applied batch.
 */
final class HeldStripes {
  private final Stripe[] all;
  private final int[] held;

  /**
   * The number of {@link #held} that have been processed; each stripe is locked at its first
   * occurrence.
   */
  private int count;

  private HeldStripes(Stripe[] all, int[] held) {
    this.all = all;
    this.held = held;
  }

  /** Acquires the locks of the stripes of some keys. */
  static HeldStripes lock(Stripe[] all, long[] hashes) {
    int[] numbers = new int[hashes.length];
    for (int i = 0; i < hashes.length; i++) {
      numbers[i] = KeyHash.stripeOf(hashes[i], all.length);
    }
    Arrays.sort(numbers);
    HeldStripes stripes = new HeldStripes(all, numbers);
    StackRoom.require();
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
   * Returns for each change of a batch whether it is superseded within the batch, by a later change
   * of the same key; it never becomes visible then.
   */
  static boolean[] superseded(List<LogRecord> batch, long[] hashes) {
    boolean[] superseded = new boolean[batch.size()];
    Set<HashedKey> later = new HashSet<>();
    for (int i = superseded.length - 1; i >= 0 && superseded.length > 1; i--) {
      superseded[i] = !later.add(new HashedKey(hashes[i], batch.get(i).key()));
    }
    return superseded;
  }

  /** Releases all locks. */
  void close() {
    while (count > 0) {
      int i = --count;
      if (i == 0 || held[i] != held[i - 1]) {
        all[held[i]].unlock();
      }
    }
  }
}
