package io.kvstore.engine;

import io.kvstore.StoreStats;
import io.kvstore.log.Compaction;
import io.kvstore.log.Log;
import io.kvstore.log.LogStats;
import java.io.IOException;
import java.time.Duration;

/**
 * The parts of an open store.
 *
 * @param cutBytes bytes of a torn tail that opening cut off
 */
record OpenStore(
    Stripes stripes,
    Expiry expiry,
    Log log,
    Compaction compaction,
    Maintenance maintenance,
    Closing closing,
    long cutBytes) {

  StoreStats stats(Duration openDuration) {
    LogStats now = log.stats();
    Compaction.Stats compacted = compaction.stats();
    return new StoreStats(
        stripes.size(),
        now.liveBytes(),
        now.staleBytes(),
        now.tombstoneBytes(),
        now.logBytes(),
        now.diskBytes(),
        now.segments(),
        stripes.indexBytes(),
        now.sequence(),
        now.syncedSequence(),
        now.syncs(),
        now.appendedBytes(),
        compacted.compactedBytes(),
        compacted.rounds(),
        compacted.unreleasedBytes(),
        openDuration,
        cutBytes);
  }

  /** Closes all parts, even when one fails. To be called on a thread of the store. */
  void close() throws IOException {
    maintenance.close();
    closing.run(log);
  }
}
