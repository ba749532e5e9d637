package io.kvstore.log;

import io.kvstore.Durability;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.Storage;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of the log of a directory.
 *
 * @param maxUnsyncedBytes the number of bytes that may wait for a sync before writers wait too
 * @param maxDiskBytes the limit of the size of all segments, {@link Long#MAX_VALUE} for none
 * @param events the dispatcher of events
 * @param tags the tags of this and of earlier writers
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
