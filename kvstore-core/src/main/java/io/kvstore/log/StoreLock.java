package io.kvstore.log;

import java.io.Serial;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock with conditions that no Error leaves held by a call that has thrown: a {@link
 * ReentrantLock} may be taken by a call that throws StackOverflowError, which JEP 270 has thrown
 * when the method returns.
 */
public final class StoreLock extends ReentrantLock {
  @Serial private static final long serialVersionUID = 1L;

  @Override
  public void lock() {
    int holds = getHoldCount();
    try {
      super.lock();
    } catch (StackOverflowError e) {
      if (getHoldCount() > holds) {
        super.unlock();
      }
      throw e;
    }
  }
}
