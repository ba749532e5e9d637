package io.kvstore.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** Heap usage of this process. */
public final class Heap {
  private static final int ROUNDS = 5;

  private Heap() {}

  /** Collects until there is nothing left to collect: one round leaves what a cleaner holds. */
  public static long bytesInUse() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      memory.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
