package io.kvstore.maintenance;

import io.kvstore.platform.Mapping;
import io.kvstore.platform.StoreLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Asks the collector for a run where only that gives disk space back: the system keeps the space of
 * a deleted file until its mapping is gone, and Java lets go of a mapping when the collector meets
 * it. That is no trouble while there is space, and a collection can be a long pause: so only when
 * less than what would come back is free, and not often. The same holds for the mappings as such,
 * of which a process may have so many. For one thread of the store.
 */
public final class DiskPressure {
  /** Less is not worth a collection. */
  private static final long MIN_BYTES = 4 << 20;

  /** Time between two requests, at least, while nobody waits for space. */
  private static final long REST_NANOS = 2_000_000_000L;

  /** How long the system may take to give space back once the collector has run. */
  private static final long MAX_WAIT_NANOS = 500_000_000L;

  private static final long LOOK_NANOS = 1_000_000;

  /** So many mappings more than there were at least since the last run are worth one. */
  private static final int MORE_MAPPINGS = Mapping.MAX / 4;

  private final Path directory;
  private final Runnable collector;
  private final LongSupplier mappings;
  private long fewestMappings;
  private long lastAsked = System.nanoTime() - REST_NANOS;

  DiskPressure(Path directory) {
    this(directory, System::gc, Mapping::count);
  }

  /**
   * @param mappings tells how many there are in this process
   */
  DiskPressure(Path directory, Runnable collector, LongSupplier mappings) {
    this.directory = directory;
    this.collector = collector;
    this.mappings = mappings;
    this.fewestMappings = mappings.getAsLong();
  }

  /**
   * Looks whether it is time.
   *
   * @param unreleasedBytes what a collection would give back
   */
  void relieve(long unreleasedBytes) throws IOException {
    long mapped = mappings.getAsLong();
    fewestMappings = Math.min(fewestMappings, mapped);
    if (System.nanoTime() - lastAsked < REST_NANOS) {
      return;
    }
    if (unreleasedBytes > 0 && mapped - fewestMappings >= MORE_MAPPINGS) {
      fewestMappings = mapped; // or fewer, once the collector has run
      lastAsked = System.nanoTime();
      StoreLogger.get()
          .log(
              System.Logger.Level.INFO,
              "asking the collector for deleted segments among {0} mapped ones",
              mapped);
      collector.run();
    } else if (unreleasedBytes >= MIN_BYTES && isShort(unreleasedBytes)) {
      lastAsked = System.nanoTime();
      StoreLogger.get()
          .log(
              System.Logger.Level.INFO,
              "the disk is nearly full: asking the collector for the {0} bytes of deleted segments",
              unreleasedBytes);
      collector.run();
    }
  }

  /**
   * Makes room at once where a write waits for it: the collector is asked if less is free than it
   * would give back, or if no segment can be mapped any more.
   *
   * @return whether there is more room now
   */
  boolean relieveNow(LongSupplier unreleasedBytes) throws IOException {
    if (mappings.getAsLong() >= Mapping.MAX) {
      return collect(mappings);
    }
    long before = unreleasedBytes.getAsLong();
    return before > 0 && isShort(before) && collect(unreleasedBytes);
  }

  /** Runs the collector, and tells whether there is less of something afterwards. */
  private boolean collect(LongSupplier counter) {
    long before = counter.getAsLong();
    lastAsked = System.nanoTime();
    collector.run();
    // The system takes the mappings away on another thread, one by one.
    long end = System.nanoTime() + MAX_WAIT_NANOS;
    long last = before;
    long now = counter.getAsLong();
    while ((now == before || now < last) && now > 0 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
      last = now;
      now = counter.getAsLong();
    }
    return now < before;
  }

  private boolean isShort(long unreleasedBytes) throws IOException {
    return Files.getFileStore(directory).getUsableSpace() < unreleasedBytes;
  }
}
