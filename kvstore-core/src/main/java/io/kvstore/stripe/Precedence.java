package io.kvstore.stripe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The precedence of a writer that has read a key and lost the race to write it: other writers let
 * it go first for a short time. Enough plain writers hold the lock of a stripe most of the time,
 * and a writer that reads first would lose again and again.
 *
 * <p>It is not a lock: no writer waits longer than {@link #LIMIT_NANOS} for one claim, whatever its
 * holder does, and a claim that is never released expires.
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

  /** Claims precedence, unless another thread has it; called without locks. */
  public void claim() {
    giveWay();
    Claim now = claim;
    if (now == null || (now.isOwn() && now.isOver())) {
      CLAIM.compareAndSet(this, now, new Claim(limitNanos));
    }
  }

  /** Releases the claim of the caller, if it has one. */
  public void release() {
    Claim now = claim;
    if (now != null && now.isOwn()) {
      CLAIM.compareAndSet(this, now, null); // unless it has expired and another thread has one now
    }
  }

  /** Waits briefly while another thread has precedence; called without locks. */
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
