package io.kvstore.stripe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets a writer who has read a key and lost the race to write it go first for a moment. Whoever
 * only writes holds the lock of a stripe most of the time if there are enough of them, and a writer
 * who reads first would lose again and again.
 *
 * <p>It is no lock: nobody waits longer than {@link #LIMIT_NANOS} for one claim, whatever its
 * holder does, and a claim that nobody releases ends by itself.
 */
public final class Precedence {
  private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
  private static final int MAX_TURNS = 100;
  private static final VarHandle CLAIM;

  static {
    try {
      CLAIM = MethodHandles.lookup().findVarHandle(Precedence.class, "claim", Claim.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Claim {
    private final Thread holder = Thread.currentThread();
    private final long endNanos;

    Claim(long nanos) {
      endNanos = System.nanoTime() + nanos;
    }

    boolean isOwn() {
      return holder == Thread.currentThread();
    }

    boolean isOver() {
      return System.nanoTime() - endNanos > 0;
    }
  }

  private final long limitNanos;
  private volatile @Nullable Claim claim;

  Precedence() {
    this(LIMIT_NANOS);
  }

  Precedence(long limitNanos) {
    this.limitNanos = limitNanos;
  }

  /** Makes others wait from now on, unless somebody else makes them; to be called without locks. */
  public void claim() {
    giveWay();
    Claim now = claim;
    if (now == null || (now.isOwn() && now.isOver())) {
      CLAIM.compareAndSet(this, now, new Claim(limitNanos));
    }
  }

  /** Ends the claim of the caller, if it has one. */
  public void release() {
    Claim now = claim;
    if (now != null && now.isOwn()) {
      CLAIM.compareAndSet(this, now, null); // unless it is over, and somebody else's now
    }
  }

  /** Waits for whoever goes first, for a moment; to be called without locks. */
  void giveWay() {
    Claim now = claim;
    if (now != null && !now.isOwn()) {
      await(now);
    }
  }

  private void await(Claim other) {
    for (int i = 0; claim == other; i++) {
      if (other.isOver()) {
        CLAIM.compareAndSet(this, other, null);
      } else if (i < MAX_TURNS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
    }
  }
}
