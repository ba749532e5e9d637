package io.kvstore.log;

import java.io.Serial;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held for less than a microsecond, most of the time: worth a few turns before the
 * thread is parked, which costs both threads several.
 */
final class ShortLock extends ReentrantLock {
  @Serial private static final long serialVersionUID = 1L;

  private static final int MAX_TURNS = 100;

  @Override
  public void lock() {
    for (int i = 0; i < MAX_TURNS; i++) {
      if (tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    super.lock();
  }
}
