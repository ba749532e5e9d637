package io.kvstore.engine;

import io.kvstore.Durability;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.OpenProgress;
import io.kvstore.log.Log;
import io.kvstore.log.LogOpening;
import io.kvstore.log.LogSettings;
import io.kvstore.log.RecoveryProgress;
import io.kvstore.log.Segments;
import io.kvstore.log.Storage;
import io.kvstore.log.StoreThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Puts a store together, from a directory or in memory. */
final class StoreOpening {
  private static final long PROGRESS_MILLIS = 100;

  private final StoreSettings settings;
  private final Storage storage;
  private final RecoveryProgress progress = new RecoveryProgress();

  StoreOpening(StoreSettings settings, Storage storage) {
    this.settings = settings;
    this.storage = storage;
  }

  /**
   * The parts of an open store.
   *
   * @param directory null for a store in memory
   */
  record Opened(Stripes stripes, Log log, @Nullable StoreDirectory directory, long cutBytes) {
    /** Closes all parts, even when one fails. To be called on a thread of the store. */
    void close() throws IOException {
      try {
        log.close();
      } finally {
        if (directory != null) {
          directory.close();
        }
      }
    }
  }

  Opened open() {
    Path path = settings.directory();
    return path == null ? openInMemory() : openOnItsThread(path);
  }

  private Opened openInMemory() {
    Segments segments = new Segments();
    Manifest manifest = Manifest.create(stripesIfNew());
    IndexRecovery recovery = recovery(segments, manifest);
    Log log = LogOpening.inMemory(segments, settings.maxSegmentBytes());
    return start(recovery, manifest, new LogOpening.Opened(log, 0), null);
  }

  private Opened openOnItsThread(Path path) {
    FutureTask<Opened> opening = new FutureTask<>(() -> openDirectory(path));
    Thread thread = StoreThread.start("open", path, opening);
    @Nullable RuntimeException refused = report(thread);
    Opened opened;
    try {
      opened = StoreThread.await(opening);
    } catch (ExecutionException e) {
      throw failure("can't open " + path, e.getCause());
    }
    if (refused != null) {
      close(opened, path);
      throw refused;
    }
    return opened;
  }

  /** Tells the listener until the thread has ended; returns what the listener threw, if it did. */
  private @Nullable RuntimeException report(Thread thread) {
    OpenProgress listener = settings.openProgress();
    if (listener == null) {
      return null;
    }
    try {
      while (StoreThread.isAliveAfter(thread, PROGRESS_MILLIS)) {
        listener.progress(progress.bytesDone(), progress.bytesTotal());
      }
      listener.progress(progress.bytesTotal(), progress.bytesTotal());
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  /** Closes an open store on a thread of its own. */
  static void close(Opened opened, Path path) {
    try {
      StoreThread.call(
          "close",
          path,
          () -> {
            opened.close();
            return null;
          });
    } catch (ExecutionException e) {
      throw failure("can't close " + path, e.getCause());
    }
  }

  private static RuntimeException failure(String what, @Nullable Throwable cause) {
    if (cause instanceof KvStoreException known) {
      return known;
    }
    return new KvStoreException(what + ": " + cause, cause);
  }

  private Opened openDirectory(Path path) throws IOException {
    StoreDirectory directory = StoreDirectory.open(path, storage);
    try {
      Manifest manifest = directory.manifest(stripesIfNew(), storage);
      Integer stripes = settings.stripes();
      if (stripes != null && stripes != manifest.stripes()) {
        throw new KvStoreException(
            path + " was created with " + manifest.stripes() + " stripes, not with " + stripes);
      }
      Segments segments = new Segments();
      IndexRecovery recovery = recovery(segments, manifest);
      LogOpening.Opened log = LogOpening.open(logSettings(path), segments, recovery, progress);
      return start(recovery, manifest, log, directory);
    } catch (Throwable e) {
      directory.close();
      throw e;
    }
  }

  private LogSettings logSettings(Path path) {
    return new LogSettings(
        path,
        storage,
        settings.durability(),
        settings.syncInterval(),
        settings.maxSegmentBytes(),
        KvStoreBuilder.MAX_UNSYNCED_BYTES);
  }

  private int stripesIfNew() {
    Integer stripes = settings.stripes();
    return stripes == null ? KvStoreBuilder.DEFAULT_STRIPES : stripes;
  }

  private static IndexRecovery recovery(Segments segments, Manifest manifest) {
    return new IndexRecovery(segments, keyHash(manifest), manifest.stripes());
  }

  private static KeyHash keyHash(Manifest manifest) {
    return new KeyHash(manifest.hashKey0(), manifest.hashKey1());
  }

  private Opened start(
      IndexRecovery recovery,
      Manifest manifest,
      LogOpening.Opened opened,
      @Nullable StoreDirectory directory) {
    Log log = opened.log();
    boolean later = directory != null && settings.durability() == Durability.SYNC;
    Stripes stripes = new Stripes(log, keyHash(manifest), recovery.indexes(), later);
    log.start(stripes::publish);
    return new Opened(stripes, log, directory, opened.cutBytes());
  }
}
