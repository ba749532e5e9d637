package io.kvstore.platform;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.StoreListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries events from where they arise, which may be under any lock, to a store's listener, which
 * is called on a thread of its own. To tell takes no longer than to add to a queue, and fails
 * never. Without a listener it does nothing, and has no thread.
 */
public final class EventDispatcher {
  /** Leads nowhere: for stores that have no listener. */
  public static final EventDispatcher NONE = new EventDispatcher(null);

  /** How long a call of the listener may go on when the store is closed. */
  private static final long MAX_CLOSE_MILLIS = 10_000;

  private final @Nullable StoreListener listener;

  /** The last one in the lock order of the store: nothing is called under it. */
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ArrayDeque<Consumer<StoreListener>> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private long missed;

  @GuardedBy("lock")
  private boolean closed;

  private volatile boolean abandoned;
  private volatile @Nullable Thread thread;

  /** Of the thread alone. */
  private boolean hasFailed;

  /** With the listener, or null if there is none. */
  public EventDispatcher(@Nullable StoreListener listener) {
    this.listener = listener;
  }

  /**
   * Starts to call the listener.
   *
   * @param first what it is told before all that it was to be told of already
   */
  public void start(Path name, Consumer<StoreListener> first) {
    StoreListener told = listener;
    if (told != null) {
      synchronized (lock) {
        waiting.addFirst(first);
      }
      thread = StoreThread.start("events", name, () -> run(told, name));
    }
  }

  /** Tells whether there is anybody to tell: if not, nothing need be made for it. */
  public boolean haveListener() {
    return listener != null;
  }

  /** Has the listener told of something, in its turn, or left out if too much waits. */
  public void tell(Consumer<StoreListener> event) {
    if (listener == null) {
      return;
    }
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (missed > 0 || waiting.size() == StoreListener.MAX_WAITING_EVENTS) {
        missed++; // until the listener is told, so that it knows where they are missing
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

  /** Returns the time since a moment of {@link System#nanoTime()}. */
  public static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  // ---- the thread

  private void run(StoreListener told, Path name) {
    boolean more = true;
    while (more) {
      try {
        more = tellNext(told, name);
      } catch (OutOfMemoryError e) {
        // No more than this event, or what would be said of it, is missing.
        StoreWorker.rest();
      }
    }
  }

  /** Tells of the next event; false at the end. */
  private boolean tellNext(StoreListener told, Path name) {
    Consumer<StoreListener> event = next();
    if (event == null) {
      return false;
    }
    try {
      event.accept(told);
    } catch (Throwable e) {
      if (!hasFailed) {
        hasFailed = true;
        StoreLogger.get()
            .log(System.Logger.Level.WARNING, "the listener of " + name + " fails; it stays", e);
      }
    }
    return true;
  }

  /** Waits for an event; null at the end. */
  private @Nullable Consumer<StoreListener> next() {
    synchronized (lock) {
      while (waiting.isEmpty() && missed == 0 && !closed) {
        StoreWorker.await(lock, StoreWorker.IDLE_NANOS);
      }
      Consumer<StoreListener> event = abandoned ? null : waiting.poll();
      if (event == null && missed > 0 && !abandoned) {
        long count = missed;
        missed = 0;
        return told -> told.onMissedEvents(count);
      }
      return event;
    }
  }

  /** Waits until all has been told, unless the listener calls this itself, but not for ever. */
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
          .log(System.Logger.Level.WARNING, "a listener is too slow; closing without " + running);
    }
  }
}
