package io.kvstore.platform;

import java.util.ArrayDeque;

/**
 * The backstop of the wake-up tree of {@link SharedSync}: it makes sure that all waiters of a sync
 * are woken even if a thread that should have woken others has died. Unlike a time limit for each
 * waiter, it costs the waiters nothing. For one thread.
 */
public final class WakeUpBackstop {
  /**
   * The number of later syncs after which all waiters of a sync are woken that have not been seen
   * to leave.
   */
  private static final int MAX_SYNCS = 16;

  private final ArrayDeque<SharedSync> syncs = new ArrayDeque<>(MAX_SYNCS + 1);

  /** Adds a sync that is about to complete. */
  public void add(SharedSync sync) {
    while (!syncs.isEmpty() && syncs.element().isDrained()) {
      syncs.remove();
    }
    if (syncs.size() == MAX_SYNCS) {
      syncs.remove().wakeAll();
    }
    syncs.add(sync);
  }

  /** Returns whether no waiter can be left of a completed sync. */
  public boolean isEmpty() {
    return syncs.isEmpty();
  }

  /** Wakes all waiters that have not been seen to leave; called when the thread is idle. */
  public void wakeAll() {
    while (!syncs.isEmpty()) {
      syncs.remove().wakeAll();
    }
  }
}
