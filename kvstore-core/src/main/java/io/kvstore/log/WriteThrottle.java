package io.kvstore.log;

import io.kvstore.platform.EventDispatcher;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Slows writers down as far as compaction says that they are ahead of it. Writes that happen to be
 * chosen wait a little, more of them the farther ahead they are: a brake that is on or off would
 * make all of them wait at once, which a writer with a steady load sees as a stall.
 */
public final class WriteThrottle {
  /** How long a write that is chosen waits. */
  private static final long WAIT_NANOS = 50_000;

  private static final int CHANCES = 1 << 16;

  private final EventDispatcher events;

  /** How many of all chances a write has to be chosen. */
  private volatile int chosen;

  public WriteThrottle(EventDispatcher events) {
    this.events = events;
  }

  /** Waits a little, if this write is chosen; called before a write takes any lock. */
  void await() {
    int some = chosen;
    if (some > 0 && ThreadLocalRandom.current().nextInt(CHANCES) < some) {
      LockSupport.parkNanos(WAIT_NANOS);
    }
  }

  /**
   * Says how far writers are ahead; for one thread.
   *
   * @param level from 0 for not at all to 1, at which every write waits. Its cube is the share that
   *     does, since even a few waits of that length are a lot beside what a write takes.
   */
  public void set(double level) {
    int some = (int) (Math.min(1, level * level * level) * CHANCES);
    boolean was = chosen > 0;
    chosen = some;
    if (some > 0 != was) {
      if (events.haveListener()) {
        events.tell(listener -> listener.onBrake(some > 0));
      }
    }
  }
}
