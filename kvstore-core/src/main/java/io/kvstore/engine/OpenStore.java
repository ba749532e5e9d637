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
import io.kvstore.platform.StoreThread;
import io.kvstore.platform.StoreWorker;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.Stripes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open store: its parts, and the calls that concern several of them.
 *
 * @param backup null for a store in memory
 * @param events closed after all other parts
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

  private static final int MAX_CLOSE_ATTEMPTS = 3;

  /** The result of recovery; see {@link StoreListener.Recovery}. */
  record Recovered(long bytesRead, long entries, long cutBytes, boolean fromCheckpoint) {}

  /** Returns the store of the schemas of typed keys and values. */
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

  /** Starts to report events to the listener, the recovery first. */
  void startEvents(Path name, Duration took) {
    if (closing.directory() == null) {
      events.start(
          name,
          new Consumer<>() {
            @Override
            public void accept(StoreListener listener) {}
          });
      return;
    }
    StoreListener.Recovery recovery =
        new StoreListener.Recovery(
            took,
            recovered.bytesRead,
            recovered.entries,
            recovered.cutBytes,
            recovered.fromCheckpoint);
    events.start(
        name,
        new Consumer<>() {
          @Override
          public void accept(StoreListener listener) {
            listener.onRecovery(recovery);
          }
        });
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
        "write a backup to " + to,
        new Callable<>() {
          @Override
          public BackupReport call() throws IOException, ExecutionException {
            return backup.run(
                to,
                start,
                new Runnable() {
                  @Override
                  public void run() {
                    maintenance.requireOpen();
                  }
                });
          }
        });
  }

  /**
   * Returns a future that completes once all changes so far would survive a power cut, in a
   * directory where the next opening finds them.
   */
  CompletableFuture<Void> sync() {
    StoreDirectory directory = closing.directory();
    if (directory != null) {
      try {
        // Checked even if nothing is unsynced: the directory may have been replaced meanwhile.
        directory.requireOwned();
      } catch (KvStoreException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
    return log.sync();
  }

  // ---- closing

  /** Closes the watches, the other parts, and then the events, even when one of them fails. */
  void closeAll(Path name) {
    try {
      stripes.watches().close();
    } finally {
      try {
        closeOnThread(name);
      } finally {
        events.close();
      }
    }
  }

  /** Closes a store that no caller will ever get, as soon as there is memory for it. */
  void abandon(Path name, Throwable why) {
    for (int attempt = 1; ; attempt++) {
      try {
        closeAll(name);
        return;
      } catch (OutOfMemoryError e) {
        StoreWorker.pause(attempt, e);
      } catch (Throwable e) {
        why.addSuppressed(e);
        return;
      }
    }
  }

  /** Closes the parts, on a thread of its own; on another one if an Error has ended it too soon. */
  void closeOnThread(Path name) {
    for (int attempt = 1; ; attempt++) {
      try {
        StoreThread.callByAllMeans("close", name, closing);
        return;
      } catch (ExecutionException e) {
        if (closing.isDone() || attempt == MAX_CLOSE_ATTEMPTS) {
          throw failure("can't close " + name, e.getCause());
        }
      }
    }
  }

  /** Returns the exception to throw for the failure of a thread of the store. */
  static RuntimeException failure(String what, @Nullable Throwable cause) {
    if (cause instanceof KvStoreException known) {
      return known;
    }
    return new KvStoreException(what + ": " + cause, cause);
  }
}
