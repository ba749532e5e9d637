package io.kvstore.stripe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.platform.StoreWorker;
import java.util.HashSet;
import java.util.Set;

/** The watches of a store, and where they wait for changes. */
public final class Watches {
  /** The most at once, since each has a thread. */
  static final int MAX_WATCHES = 1000;

  /** Somebody who waits for changes. */
  public interface Watcher {
    /** Tells whether there is something to do; under the lock of the watches. */
    boolean isReady();

    /** Ends it. */
    void close();
  }

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Set<Watcher> open = new HashSet<>();

  @GuardedBy("lock")
  private boolean closed;

  /** Whether anybody waits: read by each writer, so that it need not take the lock. */
  private volatile boolean waited;

  public void add(Watcher watch) {
    synchronized (lock) {
      if (closed) {
        throw new ClosedStoreException("the store is closed");
      }
      if (open.size() == MAX_WATCHES) {
        throw new KvStoreException("the store has MAX_WATCHES = " + MAX_WATCHES + " watches");
      }
      open.add(watch);
    }
  }

  public void remove(Watcher watch) {
    synchronized (lock) {
      open.remove(watch);
    }
  }

  /** Returns how many there are. */
  public int count() {
    synchronized (lock) {
      return open.size();
    }
  }

  /** Wakes who waits; called after each change. */
  void changed() {
    if (waited) {
      wake();
    }
  }

  /** Wakes who waits. */
  public void wake() {
    synchronized (lock) {
      waited = false;
      lock.notifyAll();
    }
  }

  /** Waits until a watch has something to do. */
  public void await(Watcher watch) {
    synchronized (lock) {
      waited = true; // before the question: who changes something later finds it
      while (!watch.isReady()) {
        StoreWorker.await(lock);
        waited = true;
      }
    }
  }

  /** Ends all watches, and takes no more. */
  public void close() {
    Set<Watcher> all;
    synchronized (lock) {
      closed = true;
      all = new HashSet<>(open);
    }
    all.forEach(Watcher::close);
  }
}
