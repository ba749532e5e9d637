package io.kvstore.maintenance;

import io.kvstore.StoreFullException;
import io.kvstore.StoreListener;
import io.kvstore.log.Log;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.StoreLogger;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store rejects puts for lack of room: from the first one that is rejected until none
 * has been for a while and there is room again. Both are logged, and reported to the listener. If
 * that was wrong, as for puts larger than usual, it waits longer the next time.
 */
final class RoomWatch {
  /** The time without a rejected put after which it is checked whether there is room. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long MAX_QUIET_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final Log log;
  private final EventDispatcher events;
  private final Path name;

  private volatile boolean isFull;
  private volatile long rejectedAt;

  /** The time without a rejected put that is required now. */
  private volatile long quietNanos = QUIET_NANOS;

  /** The time when there was room again, or the start. */
  private volatile long roomAt = System.nanoTime() - MAX_QUIET_NANOS;

  RoomWatch(Log log, EventDispatcher events, Path name) {
    this.log = log;
    this.events = events;
    this.name = name;
  }

  /** Called when a write was rejected, by any thread. */
  void rejected(StoreFullException cause) {
    rejectedAt = System.nanoTime();
    if (isFull) {
      return;
    }
    synchronized (this) {
      if (isFull) {
        return;
      }
      isFull = true;
      boolean isAgain = rejectedAt - roomAt < MAX_QUIET_NANOS;
      quietNanos = isAgain ? Math.min(2 * quietNanos, MAX_QUIET_NANOS) : QUIET_NANOS;
      publish(cause);
    }
    StoreLogger.get()
        .log(
            System.Logger.Level.WARNING, name + " rejects puts, it is full: " + cause.getMessage());
  }

  /** Checks whether there is room again; called periodically on one thread. */
  void look() {
    if (isFull && System.nanoTime() - rejectedAt >= quietNanos && log.hasRoom()) {
      synchronized (this) {
        roomAt = System.nanoTime();
        isFull = false;
        publish(null);
      }
      StoreLogger.get().log(System.Logger.Level.INFO, name + " has room for puts again");
    }
  }

  /** Publishes an event; under the lock, so that events have the order of the changes. */
  private void publish(@Nullable StoreFullException cause) {
    if (events.hasListener()) {
      events.publish(
          new Consumer<>() {
            @Override
            public void accept(StoreListener listener) {
              if (cause == null) {
                listener.onRoom();
              } else {
                listener.onFull(cause);
              }
            }
          });
    }
  }
}
