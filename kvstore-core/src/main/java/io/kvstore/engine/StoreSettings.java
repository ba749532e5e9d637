package io.kvstore.engine;

import io.kvstore.Durability;
import io.kvstore.OpenProgress;
import io.kvstore.StoreListener;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What the builder has collected, each value checked by itself.
 *
 * @param directory null for a store in memory
 * @param ordered whether keys are kept in order
 * @param stripes null for the default, or what the directory says
 * @param maxDiskBytes how much the segments may take; {@link Long#MAX_VALUE} for no limit
 * @param background whether to compact without being asked to
 * @param openProgress null for nobody
 * @param listener null for nobody
 * @param readOnly whether nothing is ever written, and others may have the directory open
 */
public record StoreSettings(
    @Nullable Path directory,
    Durability durability,
    Duration syncInterval,
    @Nullable Integer stripes,
    int maxValueBytes,
    int maxSegmentBytes,
    boolean ordered,
    InstantSource clock,
    long maxDiskBytes,
    boolean background,
    @Nullable OpenProgress openProgress,
    @Nullable StoreListener listener,
    boolean readOnly) {
  private static final Path IN_MEMORY = Path.of("in-memory");

  /** Returns what the store's threads are named by. */
  Path name() {
    return directory == null ? IN_MEMORY : directory;
  }
}
