package io.kvstore.log;

import io.kvstore.Durability;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.Storage;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the log of a directory is opened with.
 *
 * @param maxUnsyncedBytes how much may wait for a sync before writers wait too
 * @param maxDiskBytes how much the segments may take, {@link Long#MAX_VALUE} for no limit
 * @param events where to tell what happens
 * @param tags who writes now, and who did before
 */
public record LogSettings(
    Path directory,
    Storage storage,
    Durability durability,
    Duration syncInterval,
    int maxSegmentBytes,
    long maxUnsyncedBytes,
    long maxDiskBytes,
    EventDispatcher events,
    WriterTags tags) {

  Duration interval() {
    return durability == Durability.INTERVAL ? syncInterval : MappedWriter.NEVER;
  }
}
