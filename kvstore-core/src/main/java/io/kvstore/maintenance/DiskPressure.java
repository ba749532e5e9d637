package io.kvstore.maintenance;

import io.kvstore.platform.Mapping;
import io.kvstore.platform.StoreLogger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The reaction to a nearly full disk: requests a garbage collection when only that releases disk
 * space. The system keeps the space of a deleted file until its mapping has ended, and Java ends a
 * mapping when the garbage collector finds it unreachable. That is harmless while there is space,
 * and a collection can be a long pause: so it is requested only when the free space is less than
 * the space it would release, and not often. The same applies to the number of mappings, which is
 * limited per process. For one thread of the store.
 */
public final class DiskPressure {
  /** The minimum number of bytes that is worth a collection. */
  private static final long MIN_BYTES = 4 << 20;

  /** The minimum time between two requests, while no write waits for space. */
  private static final long REST_NANOS = 2_000_000_000L;

  /** The time that the system may take to release space after a collection. */
  private static final long MAX_WAIT_NANOS = 500_000_000L;

  private static final long LOOK_NANOS = 1_000_000;

  /**
   * The growth of the number of mappings since its minimum after the last collection that is worth
   * another one.
   */
  private static final int MORE_MAPPINGS = Mapping.MAX / 4;

  private final Path directory;
  private final Runnable collector;
  private final LongSupplier mappings;
  private long fewestMappings;
  private long lastAsked = System.nanoTime() - REST_NANOS;

  DiskPressure(Path directory) {
    this(
        directory,
        new Runnable() {
          @Override
          public void run() {
            System.gc();
          }
        },
        new LongSupplier() {
          @Override
          public long getAsLong() {
            return Mapping.count();
          }
        });
  }

  /**
   * @param mappings supplies the number of mappings in this process
   */
  DiskPressure(Path directory, Runnable collector, LongSupplier mappings) {
    this.directory = directory;
    this.collector = collector;
    this.mappings = mappings;
    this.fewestMappings = mappings.getAsLong();
  }

  /**
   * Requests a collection if it is due.
   *
   * @param unreleasedBytes the number of bytes that a collection would release
   */
  void relieve(long unreleasedBytes) throws IOException {
    long mapped = mappings.getAsLong();
    fewestMappings = Math.min(fewestMappings, mapped);
    if (System.nanoTime() - lastAsked < REST_NANOS) {
      return;
    }
    if (unreleasedBytes > 0 && mapped - fewestMappings >= MORE_MAPPINGS) {
      fewestMappings = mapped; // or fewer, after the collection
      lastAsked = System.nanoTime();
      StoreLogger.get()
          .log(
              System.Logger.Level.INFO,
              "requesting a garbage collection: {0} segments are mapped, some of them deleted",
              mapped);
      collector.run();
    } else if (unreleasedBytes >= MIN_BYTES && isShort(unreleasedBytes)) {
      lastAsked = System.nanoTime();
      StoreLogger.get()
          .log(
              System.Logger.Level.INFO,
              "the disk is nearly full: requesting a garbage collection to release {0} bytes of"
                  + " deleted segments",
              unreleasedBytes);
      collector.run();
    }
  }

  /**
   * Makes room at once for a waiting write: requests a collection if the free space is less than it
   * would release, or if no further segment can be mapped.
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

  /** Runs the garbage collector, and returns whether a counter has decreased afterwards. */
  private boolean collect(LongSupplier counter) {
    long before = counter.getAsLong();
    lastAsked = System.nanoTime();
    collector.run();
    // The mappings are ended on another thread, one by one.
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
