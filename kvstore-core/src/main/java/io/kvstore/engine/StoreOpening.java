package io.kvstore.engine;

import io.kvstore.OpenProgress;
import io.kvstore.codec.kryo.InMemorySchemaStore;
import io.kvstore.directory.Manifest;
import io.kvstore.directory.StoreHistory;
import io.kvstore.index.IndexCheckpoint;
import io.kvstore.index.IndexRecovery;
import io.kvstore.index.KeyIndex;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreThread;
import io.kvstore.platform.StoreWorker;
import io.kvstore.recovery.LogOpening;
import io.kvstore.recovery.RecoveryProgress;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Opens a store, in memory or in a directory. A directory is opened on a thread of its own, so that
 * an interrupt of the caller does not close its files; the caller's thread reports the progress.
 */
final class StoreOpening {
  private static final long PROGRESS_MILLIS = 100;

  private final StoreSettings settings;
  private final Parts parts;

  StoreOpening(StoreSettings settings, Storage storage) {
    this(settings, storage, new SegmentTable(), KeyIndex.MAX_SLOTS);
  }

  /**
   * Creates an opening of a store with less room than the format allows.
   *
   * @param segments an empty table with as many slots as there may be segments
   * @param maxSlots the slots of the index of a stripe
   */
  StoreOpening(StoreSettings settings, Storage storage, SegmentTable segments, int maxSlots) {
    EventDispatcher events = new EventDispatcher(settings.listener());
    segments.reportDamageTo(events);
    this.settings = settings;
    this.parts = new Parts(settings, storage, segments, maxSlots, events, new RecoveryProgress());
  }

  /** The parts that all steps of an opening use. */
  record Parts(
      StoreSettings settings,
      Storage storage,
      SegmentTable segments,
      int maxSlots,
      EventDispatcher events,
      RecoveryProgress progress) {

    IndexRecovery recovery(Manifest manifest, @Nullable IndexCheckpoint checkpoint) {
      IndexRecovery.Size size = new IndexRecovery.Size(manifest.stripes(), maxSlots);
      return new IndexRecovery(segments, manifest.keyHash(), size, checkpoint);
    }
  }

  OpenStore open() {
    Path path = settings.directory();
    try {
      return path == null ? openInMemory() : openOnThread(path);
    } catch (IOException e) {
      throw OpenStore.failure("can't open " + settings.name(), e);
    }
  }

  private OpenStore openInMemory() throws IOException {
    Manifest manifest = Manifest.create(settings.stripesOfNewStore());
    IndexRecovery recovery = parts.recovery(manifest, null);
    LogOpening.Opened log =
        LogOpening.inMemory(
            parts.segments(), settings.maxSegmentBytes(), settings.maxDiskBytes(), parts.events());
    StoreAssembly.Home home =
        new StoreAssembly.Home(
            null, null, new InMemorySchemaStore(List.of()), StoreHistory.inMemory());
    return new StoreAssembly(parts, manifest, home).start(log, recovery);
  }

  private OpenStore openOnThread(Path path) {
    FutureTask<OpenStore> opening =
        new FutureTask<>(
            new Callable<>() {
              @Override
              public OpenStore call() throws IOException {
                return new DirectoryOpening(parts, path).open();
              }
            });
    Thread thread = StoreThread.start("open", path, opening);
    try {
      loadClasses();
      report(thread);
    } catch (Throwable e) {
      abandon(opening, path, e);
      throw e;
    }
    try {
      return await(opening, path);
    } catch (Error e) { // of this thread: the opening itself fails with an exception
      abandon(opening, path, e);
      throw e;
    }
  }

  /** Loads classes ahead of the thread that opens the store. */
  private static void loadClasses() {
    try {
      StoreClasses.load();
    } catch (StackOverflowError | OutOfMemoryError e) {
      // The other thread will load them.
    }
  }

  /** Reports the progress to the listener until the thread has ended. */
  private void report(Thread thread) {
    OpenProgress listener = settings.openProgress();
    if (listener == null) {
      return;
    }
    RecoveryProgress progress = parts.progress();
    while (StoreThread.isAliveAfter(thread, PROGRESS_MILLIS)) {
      listener.progress(progress.bytesDone(), progress.bytesTotal());
    }
    listener.progress(progress.bytesTotal(), progress.bytesTotal());
  }

  private static OpenStore await(FutureTask<OpenStore> opening, Path path) {
    try {
      return StoreThread.await(opening);
    } catch (ExecutionException e) {
      throw OpenStore.failure("can't open " + path, e.getCause());
    }
  }

  /** Closes a store that the caller will never get, as soon as there is memory for it. */
  private static void abandon(FutureTask<OpenStore> opening, Path path, Throwable why) {
    for (int attempt = 1; ; attempt++) {
      try {
        await(opening, path).closeOnThread(path);
        return;
      } catch (OutOfMemoryError e) {
        StoreWorker.pause(attempt, e);
      } catch (RuntimeException e) {
        why.addSuppressed(e);
        return;
      }
    }
  }
}
