package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.StoreListener;
import io.kvstore.StoreStats;
import io.kvstore.platform.EventDispatcher;
import java.time.Duration;
import java.util.function.Consumer;

/** The counters of the syncs of a writer; publishes an event for each sync. */
public final class SyncStats {
  private final EventDispatcher events;

  @GuardedBy("this")
  private long count;

  @GuardedBy("this")
  private long totalNanos;

  @GuardedBy("this")
  private long longestNanos;

  SyncStats(EventDispatcher events) {
    this.events = events;
  }

  /** Counts a sync that has succeeded. */
  void add(long startNanos, long bytes, long changes) {
    Duration took = EventDispatcher.since(startNanos);
    synchronized (this) {
      count++;
      totalNanos += took.toNanos();
      longestNanos = Math.max(longestNanos, took.toNanos());
    }
    if (events.hasListener()) {
      events.publish(
          new Consumer<>() {
            @Override
            public void accept(StoreListener listener) {
              listener.onSync(new StoreListener.Sync(took, bytes, changes));
            }
          });
    }
  }

  synchronized StoreStats.Syncs stats() {
    return new StoreStats.Syncs(
        count, Duration.ofNanos(totalNanos), Duration.ofNanos(longestNanos));
  }
}
