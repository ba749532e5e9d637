package io.kvstore.platform;

import java.util.ArrayDeque;

/**
 * Sees to it that all who waited for a sync are woken, should one who was to wake others have died.
 * The watch costs those who wait nothing, as a time limit of each would. For one thread.
 */
public final class WakeUpBackstop {
  /** So many syncs that end later, all of one are woken who have not been seen to leave. */
  private static final int MAX_SYNCS = 16;

  private final ArrayDeque<SharedSync> syncs = new ArrayDeque<>(MAX_SYNCS + 1);

  /** Watches one more, which is about to end. */
  public void add(SharedSync sync) {
    while (!syncs.isEmpty() && syncs.element().isLeft()) {
      syncs.remove();
    }
    if (syncs.size() == MAX_SYNCS) {
      syncs.remove().wakeAll();
    }
    syncs.add(sync);
  }

  /** Tells whether nobody may be waiting for a sync that has ended. */
  public boolean isEmpty() {
    return syncs.isEmpty();
  }

  /** Wakes all who have not been seen to leave; to be called when nothing else is to be done. */
  public void wakeAll() {
    while (!syncs.isEmpty()) {
      syncs.remove().wakeAll();
    }
  }
}
