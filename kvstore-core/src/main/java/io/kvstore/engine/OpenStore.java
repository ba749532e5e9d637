package io.kvstore.engine;

import io.kvstore.BackupReport;
import io.kvstore.KvStoreException;
import io.kvstore.StoreListener;
import io.kvstore.StoreStats;
import io.kvstore.backup.Backup;
import io.kvstore.codec.kryo.SchemaStore;
import io.kvstore.compaction.Compaction;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.directory.StoreHistory;
import io.kvstore.log.Log;
import io.kvstore.log.LogStats;
import io.kvstore.maintenance.Maintenance;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.Stripes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an open store.
 *
 * @param backup null for a store in memory
 * @param events to be closed after all other parts
 */
public record OpenStore(
    Stripes stripes,
    Expiry expiry,
    Log log,
    Compaction compaction,
    Maintenance maintenance,
    @Nullable Backup backup,
    Closing closing,
    EventDispatcher events,
    Recovered recovered) {

  /** What opening has found; see {@link StoreListener.Recovery}. */
  record Recovered(long bytesRead, long entries, long cutBytes, boolean fromCheckpoint) {}

  /** Returns where the schemas of typed keys and values are kept. */
  SchemaStore schemas() {
    return closing.schemas();
  }

  /** See {@link StoreHistory#id}. */
  public long historyId() {
    return closing.history().id();
  }

  /** See {@link StoreHistory#idOf}. */
  public long historyId(long version) {
    return closing.history().idOf(version);
  }

  /** Starts to tell the listener of what happens, and of the opening first. */
  void startEvents(Path name, Duration took) {
    if (closing.directory() == null) {
      events.start(name, listener -> {});
      return;
    }
    StoreListener.Recovery recovery =
        new StoreListener.Recovery(
            took,
            recovered.bytesRead,
            recovered.entries,
            recovered.cutBytes,
            recovered.fromCheckpoint);
    events.start(name, listener -> listener.onRecovery(recovery));
  }

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
        now.sequence(),
        now.syncedSequence(),
        now.appendedBytes(),
        stripes.counters().stats(),
        now.syncs(),
        stripes.indexStats(),
        new StoreStats.Compaction(
            compacted.rounds(),
            compacted.compactedBytes(),
            compacted.unreleasedBytes() + compacted.spareBytes()),
        stripes.snapshots().stats(),
        stripes.watches().count(),
        openDuration,
        recovered.cutBytes,
        log.segments().damagedPlaces());
  }

  CompletableFuture<BackupReport> backup(Path to) {
    if (backup == null) {
      throw new UnsupportedOperationException(
          "a store in memory has no files that a backup could copy");
    }
    long start = System.nanoTime();
    return maintenance.ask(
        "write a backup to " + to, () -> backup.run(to, start, maintenance::requireOpen));
  }

  /** Completes once all changes so far would survive a power cut, and be found again. */
  CompletableFuture<Void> sync() {
    StoreDirectory directory = closing.directory();
    if (directory != null) {
      try {
        directory.requireOwned(); // there may be nothing to sync, but it may have become nothing
      } catch (KvStoreException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
    return log.sync();
  }

  /** Closes all parts, even when one fails. To be called on a thread of the store. */
  void close() throws IOException {
    try {
      maintenance.close();
    } finally {
      closing.run(log);
    }
  }
}
