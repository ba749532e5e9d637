package io.kvstore.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.log.StoreLock;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;

/** The watches of a store, and where they wait for changes. */
final class Watches {
  /** The most at once, since each has a thread. */
  static final int MAX_WATCHES = 1000;

  private final StoreLock lock = new StoreLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Set<StoreWatch<?, ?>> open = new HashSet<>();

  @GuardedBy("lock")
  private boolean closed;

  /** Whether anybody waits: read by each writer, so that it need not take the lock. */
  private volatile boolean waited;

  void add(StoreWatch<?, ?> watch) {
    lock.lock();
    try {
      if (closed) {
        throw new ClosedStoreException("the store is closed");
      }
      if (open.size() == MAX_WATCHES) {
        throw new KvStoreException("the store has MAX_WATCHES = " + MAX_WATCHES + " watches");
      }
      open.add(watch);
    } finally {
      lock.unlock();
    }
  }

  void remove(StoreWatch<?, ?> watch) {
    lock.lock();
    try {
      open.remove(watch);
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many there are. */
  int count() {
    lock.lock();
    try {
      return open.size();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes who waits; called after each change. */
  void changed() {
    if (waited) {
      wake();
    }
  }

  /** Wakes who waits. */
  void wake() {
    lock.lock();
    try {
      waited = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a watch has something to do. */
  void await(StoreWatch<?, ?> watch) {
    lock.lock();
    try {
      waited = true; // before the question: who changes something later finds it
      while (!watch.isReady()) {
        changed.awaitUninterruptibly();
        waited = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends all watches, and takes no more. */
  void close() {
    Set<StoreWatch<?, ?>> all;
    lock.lock();
    try {
      closed = true;
      all = new HashSet<>(open);
    } finally {
      lock.unlock();
    }
    all.forEach(StoreWatch::close);
  }
}
