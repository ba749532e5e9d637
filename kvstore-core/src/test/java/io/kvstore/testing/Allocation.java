package io.kvstore.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** A bound on the allocation of a reader, whatever lengths its input claims. */
public final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /**
   * Runs a task, twice if need be, since what the first run loads and initializes is not the
   * input's doing.
   *
   * @throws AssertionError if it allocates more than so many bytes on this thread
   */
  public static void within(long maxBytes, Runnable task) {
    if (allocatedBy(task) > maxBytes) {
      long again = allocatedBy(task);
      if (again > maxBytes) {
        throw new AssertionError(again + " bytes were allocated, more than " + maxBytes);
      }
    }
  }

  private static long allocatedBy(Runnable task) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    task.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
