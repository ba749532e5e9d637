package io.kvstore.platform;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A reentrant spin-then-park lock, for critical sections that mostly take less than a microsecond:
 * a thread spins briefly before it is parked, since parking costs both threads several
 * microseconds. The lock is not fair.
 *
 * <p>No Error leaves it held by a call that has thrown: acquiring it ends with one atomic step, and
 * releasing it is one assignment, which needs no stack. A {@link
 * java.util.concurrent.locks.ReentrantLock} may be acquired by a call that throws
 * StackOverflowError, since JEP 270 delays the error until the method returns.
 */
public final class SpinningLock implements Lock {
  private static final int MAX_TURNS = 100;

  /**
   * The interval at which a parked thread retries by itself, since only one parked thread is
   * recorded.
   */
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private static final VarHandle OWNER;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(SpinningLock.class, "owner", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Thread owner;

  /** A thread that is parked, or was. */
  private volatile @Nullable Thread parked;

  /** The number of reentrant acquisitions; used only by the owner. */
  private int more;

  @Override
  public void lock() {
    Thread self = Thread.currentThread();
    if (owner == self) {
      more++;
      return;
    }
    for (int i = 0; i < MAX_TURNS; i++) {
      if (isTakenBy(self)) {
        return;
      }
      Thread.onSpinWait();
    }
    lockParked(self);
  }

  private boolean isTakenBy(Thread self) {
    return owner == null && OWNER.compareAndSet(this, null, self);
  }

  @SuppressWarnings("ThreadPriorityCheck") // for who is interrupted only, and may not park
  private void lockParked(Thread self) {
    while (true) {
      parked = self; // before the next attempt: a thread that releases the lock later sees it
      if (isTakenBy(self)) {
        return;
      }
      if (self.isInterrupted()) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
    }
  }

  @Override
  public void unlock() {
    if (more > 0) {
      more--;
      return;
    }
    owner = null;
    if (parked != null) {
      wake();
    }
  }

  /** Wakes a waiting thread; an Error must not end a caller that has more locks to release. */
  private void wake() {
    try {
      Thread waiting = parked;
      parked = null;
      LockSupport.unpark(waiting);
    } catch (StackOverflowError e) {
      // The thread looks again after LOOK_NANOS.
    }
  }

  @Override
  public boolean tryLock() {
    Thread self = Thread.currentThread();
    if (owner == self) {
      more++;
      return true;
    }
    return isTakenBy(self);
  }

  @Override
  public void lockInterruptibly() {
    throw new UnsupportedOperationException("it is held for too short a time");
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) {
    throw new UnsupportedOperationException("it is held for too short a time");
  }

  @Override
  public Condition newCondition() {
    throw new UnsupportedOperationException("nobody waits under it");
  }
}
