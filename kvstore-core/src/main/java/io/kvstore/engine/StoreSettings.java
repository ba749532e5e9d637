package io.kvstore.engine;

import io.kvstore.Durability;
import io.kvstore.KvStoreBuilder;
import io.kvstore.OpenProgress;
import io.kvstore.StoreListener;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a store, each value checked by the builder.
 *
 * @param directory null for a store in memory
 * @param ordered whether keys are kept in order
 * @param stripes null for the stripes of the directory, or the default for a new store
 * @param maxDiskBytes the limit of the bytes of all segments; {@link Long#MAX_VALUE} for none
 * @param background whether the store compacts in the background
 * @param openProgress null for none
 * @param listener null for none
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

  /** Returns the name of the store in the names of its threads. */
  Path name() {
    return directory == null ? IN_MEMORY : directory;
  }

  int stripesOfNewStore() {
    return stripes == null ? KvStoreBuilder.DEFAULT_STRIPES : stripes;
  }
}
