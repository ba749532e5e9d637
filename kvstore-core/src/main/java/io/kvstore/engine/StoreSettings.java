package io.kvstore.engine;

import io.kvstore.Durability;
import io.kvstore.OpenProgress;
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
    @Nullable OpenProgress openProgress) {}
