package io.kvstore.stripe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.platform.StoreWorker;
import java.util.HashSet;
import java.util.Set;

/** The watches of a store, and the condition on which they wait for changes. */
public final class Watches {
  /** The maximum number of watches, each of which has a thread. */
  static final int MAX_WATCHES = 1000;

  /** A watch that waits for changes. */
  public interface Watcher {
    /** Returns whether there is something to do; called under the lock of the watches. */
    boolean isReady();

    /** Closes the watch. */
    void close();
  }

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Set<Watcher> open = new HashSet<>();

  @GuardedBy("lock")
  private boolean closed;

  /** Whether a watch waits; read by each writer, so that it need not acquire the lock. */
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

  /** Returns the number of watches. */
  public int count() {
    synchronized (lock) {
      return open.size();
    }
  }

  /** Wakes waiting watches, if there are any; called after each change. */
  void changed() {
    if (waited) {
      wake();
    }
  }

  /** Wakes waiting watches. */
  public void wake() {
    synchronized (lock) {
      waited = false;
      lock.notifyAll();
    }
  }

  /** Waits until a watch has something to do. */
  public void await(Watcher watch) {
    synchronized (lock) {
      waited = true; // set before the check, so that a later change sees it
      while (!watch.isReady()) {
        StoreWorker.await(lock);
        waited = true;
      }
    }
  }

  /** Closes all watches, and rejects new ones. */
  public void close() {
    Set<Watcher> all;
    synchronized (lock) {
      closed = true;
      all = new HashSet<>(open);
    }
    for (Watcher watcher : all) {
      watcher.close();
    }
  }
}
