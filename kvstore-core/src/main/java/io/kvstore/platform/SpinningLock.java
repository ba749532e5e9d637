package io.kvstore.platform;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A reentrant lock that is held for less than a microsecond, most of the time: worth a few turns
 * before the thread is parked, which costs both threads several. Nobody is preferred for having
 * waited longer.
 *
 * <p>No Error leaves it held by a call that has thrown: to take it ends with one atomic step, and
 * to let go of it is one assignment, which needs no stack. A {@link
 * java.util.concurrent.locks.ReentrantLock} may be taken by a call that throws StackOverflowError,
 * which JEP 270 has thrown when the method returns.
 */
public final class SpinningLock implements Lock {
  private static final int MAX_TURNS = 100;

  /** How often a thread that waits looks by itself, since only one can be known to wait. */
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

  /** Some thread that waits, or has waited. */
  private volatile @Nullable Thread parked;

  /** How often the owner has taken it again; the owner's alone. */
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
      parked = self; // before the next look: whoever lets go later finds it
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
    Thread waiting = parked;
    if (waiting != null) {
      parked = null;
      LockSupport.unpark(waiting);
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
