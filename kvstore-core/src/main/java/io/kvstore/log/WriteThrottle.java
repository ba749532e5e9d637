package io.kvstore.log;

import io.kvstore.StoreListener;
import io.kvstore.platform.EventDispatcher;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The write throttle: slows down writers by as much as they are ahead of compaction. Randomly
 * chosen writes wait a little, more of them the farther ahead the writers are: a throttle that is
 * only on or off would make all of them wait at once, which a writer with a steady load sees as a
 * stall.
 */
public final class WriteThrottle {
  /** The waiting time of a chosen write. */
  private static final long WAIT_NANOS = 50_000;

  private static final int CHANCES = 1 << 16;

  private final EventDispatcher events;

  /** The number of chances of a write to be chosen, out of all. */
  private volatile int chosen;

  public WriteThrottle(EventDispatcher events) {
    this.events = events;
  }

  /** Waits briefly if this write is chosen; called before a write takes any lock. */
  void await() {
    int some = chosen;
    if (some > 0 && ThreadLocalRandom.current().nextInt(CHANCES) < some) {
      LockSupport.parkNanos(WAIT_NANOS);
    }
  }

  /**
   * Sets how far writers are ahead; for one thread.
   *
   * @param level from 0, not ahead, to 1, at which every write waits. The share of writes that wait
   *     is its cube, since even a few waits are long compared to a write.
   */
  public void set(double level) {
    int some = (int) (Math.min(1, level * level * level) * CHANCES);
    boolean was = chosen > 0;
    chosen = some;
    if (some > 0 != was) {
      if (events.hasListener()) {
        events.publish(
            new Consumer<>() {
              @Override
              public void accept(StoreListener listener) {
                listener.onBrake(some > 0);
              }
            });
      }
    }
  }
}
