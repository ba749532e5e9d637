package io.kvstore.engine;

import io.kvstore.log.StoreLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks the collector for a run where only that gives disk space back: the system keeps the space of
 * a deleted file until its mapping is gone, and Java lets go of a mapping when the collector meets
 * it. That is no trouble while there is space, and a collection can be a long pause: so only when
 * less than what would come back is free, and not often. For one thread of the store.
 */
final class DiskPressure {
  /** Less is not worth a collection. */
  private static final long MIN_BYTES = 64 << 20;

  /** Time between two requests, at least. */
  private static final long REST_NANOS = 60_000_000_000L;

  private final Path directory;
  private final Runnable collector;
  private long lastAsked = System.nanoTime() - REST_NANOS;

  DiskPressure(Path directory) {
    this(directory, System::gc);
  }

  DiskPressure(Path directory, Runnable collector) {
    this.directory = directory;
    this.collector = collector;
  }

  /**
   * Looks whether it is time.
   *
   * @param unreleasedBytes what a collection would give back
   */
  void relieve(long unreleasedBytes) throws IOException {
    if (unreleasedBytes < MIN_BYTES || System.nanoTime() - lastAsked < REST_NANOS) {
      return;
    }
    if (Files.getFileStore(directory).getUsableSpace() < unreleasedBytes) {
      lastAsked = System.nanoTime();
      StoreLog.get()
          .log(
              System.Logger.Level.INFO,
              "the disk is nearly full: asking the collector for the {0} bytes of deleted segments",
              unreleasedBytes);
      collector.run();
    }
  }
}
