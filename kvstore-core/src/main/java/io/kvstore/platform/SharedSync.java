package io.kvstore.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A sync that many wait for. To wake a thread takes microseconds, and one thread that woke all
 * would not begin the next sync before: so it wakes two, and each who is woken wakes two more.
 */
public final class SharedSync extends CompletableFuture<Void> {
  /** What is done already; shared by all who never wait. */
  public static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private static final int FAN = 2;

  /** Comes last on the list: nobody is put on it any more. */
  private final Waiter closed = new Waiter();

  private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();

  /** Those who have come last before one who may not have left yet; of who ends the sync. */
  private @Nullable Waiter unleft;

  /** A thread that waits, and those whom it will wake. */
  static final class Waiter {
    private final Thread thread = Thread.currentThread();
    private @Nullable Waiter before;
    private List<Waiter> wakes = List.of();

    /** Whether it has seen the end, and has woken the others. */
    private volatile boolean hasLeft;

    void leave() {
      for (int i = 0; i < wakes.size(); i++) {
        LockSupport.unpark(wakes.get(i).thread);
      }
      hasLeft = true;
    }
  }

  /** Waits for the end, however it ends; an interrupt is kept for later. */
  public void await() {
    if (isDone()) {
      return;
    }
    Waiter self = enlist();
    boolean interrupted = false;
    while (!isDone()) {
      if (self == null) {
        Thread.onSpinWait(); // the list is closed: it is a matter of a moment
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (self != null) {
      self.leave();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Puts the caller on the list, unless that is closed. */
  @Nullable Waiter enlist() {
    Waiter self = new Waiter();
    return isAdded(self) ? self : null;
  }

  private boolean isAdded(Waiter waiter) {
    for (; ; ) {
      Waiter last = waiters.get();
      if (last == closed) {
        return false;
      }
      waiter.before = last;
      if (waiters.compareAndSet(last, waiter)) {
        return true;
      }
    }
  }

  /** Ends it well; called once, by whoever has synced. */
  public void succeed() {
    close();
    List<Waiter> first = shareOut(closed.before);
    complete(null);
    if (first == null) {
      wakeAll();
    } else {
      for (int i = 0; i < first.size(); i++) {
        LockSupport.unpark(first.get(i).thread);
      }
    }
  }

  /** Ends it badly, if it has not ended. */
  public void fail(Throwable why) {
    close();
    StoreWorker.fail(this, why);
    wakeAll();
  }

  private void close() {
    if (isAdded(closed)) {
      unleft = closed.before;
    }
  }

  /**
   * Tells whether it has ended, and all who waited have seen it. To be asked by the thread that
   * ends it.
   */
  boolean isLeft() {
    if (!isDone()) {
      return false;
    }
    while (unleft != null && unleft.hasLeft) {
      unleft = unleft.before;
    }
    return unleft == null;
  }

  /** Wakes all who have not left, once it has ended: who was to wake them may have died. */
  void wakeAll() {
    for (Waiter w = closed.before; w != null; w = w.before) {
      if (!w.hasLeft) {
        LockSupport.unpark(w.thread);
      }
    }
  }

  /**
   * Says who wakes whom, before anyone can leave.
   *
   * @return who is to be woken first; null if there is no memory to share the work
   */
  private static @Nullable List<Waiter> shareOut(@Nullable Waiter last) {
    try {
      List<Waiter> all = new ArrayList<>();
      for (Waiter w = last; w != null; w = w.before) {
        all.add(w);
      }
      for (int i = 0; i < all.size(); i++) {
        int from = Math.min(all.size(), FAN * (i + 1));
        all.get(i).wakes = all.subList(from, Math.min(all.size(), from + FAN));
      }
      return all.subList(0, Math.min(FAN, all.size()));
    } catch (OutOfMemoryError e) {
      return null;
    }
  }
}
