package io.kvstore.platform;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.StoreListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The event queue of a store's listener, which is called on a thread of its own. Publishing an
 * event is allowed under any lock; it only adds to the queue, and never fails. Without a listener
 * it does nothing, and there is no thread.
 */
public final class EventDispatcher {
  /** A dispatcher without a listener. */
  public static final EventDispatcher NONE = new EventDispatcher(null);

  /** The time limit, at close, for the listener to finish. */
  private static final long MAX_CLOSE_MILLIS = 10_000;

  private final @Nullable StoreListener listener;

  /** The last lock in the lock order of the store: nothing is called under it. */
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ArrayDeque<Consumer<StoreListener>> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private long missed;

  @GuardedBy("lock")
  private boolean closed;

  private volatile boolean abandoned;
  private volatile @Nullable Thread thread;

  /** Used only by the listener's thread. */
  private boolean hasFailed;

  /** Creates a dispatcher for a listener, or for none if null. */
  public EventDispatcher(@Nullable StoreListener listener) {
    this.listener = listener;
  }

  /**
   * Starts the thread that calls the listener.
   *
   * @param first the first event, delivered before those already in the queue
   */
  public void start(Path name, Consumer<StoreListener> first) {
    StoreListener target = listener;
    if (target != null) {
      synchronized (lock) {
        waiting.addFirst(first);
      }
      thread =
          StoreThread.start(
              "events",
              name,
              new Runnable() {
                @Override
                public void run() {
                  EventDispatcher.this.run(target, name);
                }
              });
    }
  }

  /** Returns whether there is a listener; without one, no event needs to be created. */
  public boolean hasListener() {
    return listener != null;
  }

  /** Publishes an event. It is queued for the listener, or dropped if the queue is full. */
  public void publish(Consumer<StoreListener> event) {
    if (listener == null) {
      return;
    }
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (missed > 0 || waiting.size() == StoreListener.MAX_WAITING_EVENTS) {
        missed++; // until the gap is reported, so that it knows where events are
        // missing
        return;
      }
      lock.notifyAll();
      try {
        waiting.add(event);
      } catch (OutOfMemoryError e) {
        missed++;
      }
    }
  }

  /** Returns the time elapsed since a value of {@link System#nanoTime()}. */
  public static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  // ---- the thread

  private void run(StoreListener target, Path name) {
    boolean more = true;
    while (more) {
      try {
        more = deliverNext(target, name);
      } catch (OutOfMemoryError e) {
        // Only this event, or the warning about it, is lost.
        StoreWorker.rest();
      }
    }
  }

  /** Delivers the next event; returns false at the end. */
  private boolean deliverNext(StoreListener target, Path name) {
    Consumer<StoreListener> event = next();
    if (event == null) {
      return false;
    }
    try {
      event.accept(target);
    } catch (Throwable e) {
      if (!hasFailed) {
        hasFailed = true;
        StoreLogger.get()
            .log(
                System.Logger.Level.WARNING,
                "the listener of " + name + " has failed; it stays registered",
                e);
      }
    }
    return true;
  }

  /** Waits for the next event; returns null at the end. */
  private @Nullable Consumer<StoreListener> next() {
    synchronized (lock) {
      while (waiting.isEmpty() && missed == 0 && !closed) {
        StoreWorker.await(lock, StoreWorker.IDLE_NANOS);
      }
      Consumer<StoreListener> event = abandoned ? null : waiting.poll();
      if (event == null && missed > 0 && !abandoned) {
        long count = missed;
        missed = 0;
        return new Consumer<>() {
          @Override
          public void accept(StoreListener target) {
            target.onMissedEvents(count);
          }
        };
      }
      return event;
    }
  }

  /**
   * Waits until all events have been delivered, up to a time limit; does not wait if the listener
   * itself calls this.
   */
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    Thread running = thread;
    if (running != null
        && running != Thread.currentThread()
        && StoreThread.isAliveAfter(running, MAX_CLOSE_MILLIS)) {
      abandoned = true;
      StoreLogger.get()
          .log(
              System.Logger.Level.WARNING,
              "a listener is too slow; closing without waiting for " + running);
    }
  }
}
