package io.kvstore.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A sync that many wait for. To wake a thread takes microseconds, and one thread that woke all
 * would not begin the next sync before: so it wakes two, and each who is woken wakes two more.
 */
public final class SharedSync extends CompletableFuture<Void> {
  private static final int FAN = 2;

  /** How often a thread looks by itself, should the one that is to wake it have died. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Stands in the place of the list once nobody is put on it any more. */
  private static final Waiter CLOSED = new Waiter(null);

  private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();

  /** A thread that waits, and those whom it will wake. */
  private static final class Waiter {
    private final Thread thread = Thread.currentThread();
    private final @Nullable Waiter before;
    private List<Waiter> wakes = List.of();

    Waiter(@Nullable Waiter before) {
      this.before = before;
    }

    void wakeOthers() {
      wakes.forEach(waiter -> LockSupport.unpark(waiter.thread));
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
        LockSupport.parkNanos(this, LOOK_NANOS);
        interrupted |= Thread.interrupted();
      }
    }
    if (self != null) {
      self.wakeOthers();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Puts the caller on the list, unless that is closed. */
  private @Nullable Waiter enlist() {
    for (; ; ) {
      Waiter first = waiters.get();
      if (first == CLOSED) {
        return null;
      }
      Waiter self = new Waiter(first);
      if (waiters.compareAndSet(first, self)) {
        return self;
      }
    }
  }

  /** Ends it well; called once, by whoever has synced. */
  void succeed() {
    Waiter last = waiters.getAndSet(CLOSED);
    List<Waiter> first = shareOut(last);
    complete(null);
    wake(last, first);
  }

  /** Ends it badly, if it has not ended. */
  void fail(Throwable why) {
    Waiter last = waiters.getAndSet(CLOSED);
    StoreWorker.fail(this, why);
    wake(last == CLOSED ? null : last, null);
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

  /** Wakes those who wake the others, or all of them. */
  private static void wake(@Nullable Waiter last, @Nullable List<Waiter> first) {
    if (first != null) {
      for (int i = 0; i < first.size(); i++) {
        LockSupport.unpark(first.get(i).thread);
      }
      return;
    }
    for (Waiter w = last; w != null; w = w.before) {
      LockSupport.unpark(w.thread);
    }
  }
}
