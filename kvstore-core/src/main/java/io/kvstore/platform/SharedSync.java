package io.kvstore.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A future for a sync that many threads wait for, which wakes them as a tree. Waking a thread takes
 * microseconds, and a thread that woke all waiters would delay the next sync: so it wakes two, and
 * each woken thread wakes two more.
 */
public final class SharedSync extends CompletableFuture<Void> {
  /** A completed future, shared by all writes that need not wait. */
  public static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private static final int FAN = 2;

  /** The end marker of the list: once it is added, no further waiter is. */
  private final Waiter closed = new Waiter();

  private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();

  /**
   * The last waiter in the list that may not have left yet. Used only by the thread that completes
   * the sync.
   */
  private @Nullable Waiter lastWaiting;

  /** A waiting thread, and the waiters that it will wake. */
  static final class Waiter {
    private final Thread thread = Thread.currentThread();
    private @Nullable Waiter before;
    private List<Waiter> wakes = List.of();

    /** Whether it has seen the completion and has woken its waiters. */
    private volatile boolean hasLeft;

    void leave() {
      for (int i = 0; i < wakes.size(); i++) {
        LockSupport.unpark(wakes.get(i).thread);
      }
      hasLeft = true;
    }
  }

  /** Waits for the completion, successful or not; the interrupt status is restored afterwards. */
  public void await() {
    if (isDone()) {
      return;
    }
    Waiter self = enlist();
    boolean interrupted = false;
    while (!isDone()) {
      if (self == null) {
        Thread.onSpinWait(); // the list is closed: completion follows at once
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

  /** Adds the caller to the list, unless it is closed. */
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

  /** Completes the future after a successful sync; called once, by the thread that has synced. */
  public void succeed() {
    close();
    List<Waiter> first = buildTree(closed.before);
    complete(null);
    if (first == null) {
      wakeAll();
    } else {
      for (int i = 0; i < first.size(); i++) {
        LockSupport.unpark(first.get(i).thread);
      }
    }
  }

  /** Completes the future exceptionally, if it is not completed. */
  public void fail(Throwable why) {
    close();
    StoreWorker.fail(this, why);
    wakeAll();
  }

  private void close() {
    if (isAdded(closed)) {
      lastWaiting = closed.before;
    }
  }

  /**
   * Returns whether the future is completed and all waiters have seen it. Called by the thread that
   * completes it.
   */
  boolean isDrained() {
    if (!isDone()) {
      return false;
    }
    while (lastWaiting != null && lastWaiting.hasLeft) {
      lastWaiting = lastWaiting.before;
    }
    return lastWaiting == null;
  }

  /**
   * Wakes all waiters that have not left, after completion: the thread that should have woken them
   * may have died.
   */
  void wakeAll() {
    for (Waiter w = closed.before; w != null; w = w.before) {
      if (!w.hasLeft) {
        LockSupport.unpark(w.thread);
      }
    }
  }

  /**
   * Builds the tree of wake-ups, before any waiter can leave.
   *
   * @return the waiters to wake first; null if there is no memory for the tree
   */
  private static @Nullable List<Waiter> buildTree(@Nullable Waiter last) {
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
