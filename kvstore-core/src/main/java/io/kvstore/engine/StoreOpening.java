package io.kvstore.engine;

import io.kvstore.Durability;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.OpenProgress;
import io.kvstore.backup.Backup;
import io.kvstore.codec.kryo.InMemorySchemaStore;
import io.kvstore.codec.kryo.SchemaStore;
import io.kvstore.compaction.Compaction;
import io.kvstore.directory.FoundHistory;
import io.kvstore.directory.Manifest;
import io.kvstore.directory.SchemaFile;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.directory.StoreHistory;
import io.kvstore.index.IndexCheckpoint;
import io.kvstore.index.IndexRecovery;
import io.kvstore.index.KeyIndex;
import io.kvstore.log.Log;
import io.kvstore.log.LogSettings;
import io.kvstore.log.WriterTags;
import io.kvstore.maintenance.Checkpointer;
import io.kvstore.maintenance.ExpirySweep;
import io.kvstore.maintenance.Maintenance;
import io.kvstore.ownership.ReaderLock;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreThread;
import io.kvstore.platform.StoreWorker;
import io.kvstore.recovery.LogOpening;
import io.kvstore.recovery.RecoveryProgress;
import io.kvstore.segment.SegmentTable;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.OpenSnapshots;
import io.kvstore.stripe.OrderedKeys;
import io.kvstore.stripe.Stripe;
import io.kvstore.stripe.Stripes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Puts a store together, from a directory or in memory. */
final class StoreOpening {
  private static final long PROGRESS_MILLIS = 100;

  private final StoreSettings settings;
  private final Storage storage;
  private final RecoveryProgress progress = new RecoveryProgress();
  private final EventDispatcher events;

  private final SegmentTable segments;
  private final int maxSlots;

  StoreOpening(StoreSettings settings, Storage storage) {
    this(settings, storage, new SegmentTable(), KeyIndex.MAX_SLOTS);
  }

  /**
   * With less room than the format leaves.
   *
   * @param segments empty; with as many places as there may be segments
   * @param maxSlots of the index of a stripe
   */
  StoreOpening(StoreSettings settings, Storage storage, SegmentTable segments, int maxSlots) {
    this.settings = settings;
    this.storage = storage;
    this.segments = segments;
    this.maxSlots = maxSlots;
    this.events = new EventDispatcher(settings.listener());
    segments.reportDamageTo(events);
  }

  OpenStore open() {
    Path path = settings.directory();
    try {
      return path == null ? openInMemory() : openOnItsThread(path);
    } catch (IOException e) {
      throw failure("can't open " + settings.name(), e);
    }
  }

  private OpenStore openInMemory() throws IOException {
    Manifest manifest = Manifest.create(stripesIfNew());
    IndexRecovery recovery = recovery(manifest, null);
    LogOpening.Opened log =
        LogOpening.inMemory(segments, settings.maxSegmentBytes(), settings.maxDiskBytes(), events);
    Home home = new Home(null, null, new InMemorySchemaStore(List.of()), StoreHistory.inMemory());
    return start(recovery, manifest, log, home);
  }

  private OpenStore openOnItsThread(Path path) {
    FutureTask<OpenStore> opening = new FutureTask<>(() -> openDirectory(path));
    Thread thread = StoreThread.start("open", path, opening);
    try {
      loadAhead();
      report(thread);
    } catch (Throwable e) {
      abandon(opening, path, e);
      throw e;
    }
    return await(opening, path);
  }

  /** Takes the loading of classes off the thread that opens the store. */
  private static void loadAhead() {
    try {
      StoreClasses.load();
    } catch (StackOverflowError | OutOfMemoryError e) {
      // The other thread will load them.
    }
  }

  /** Tells the listener until the thread has ended. */
  private void report(Thread thread) {
    OpenProgress listener = settings.openProgress();
    if (listener == null) {
      return;
    }
    while (StoreThread.isAliveAfter(thread, PROGRESS_MILLIS)) {
      listener.progress(progress.bytesDone(), progress.bytesTotal());
    }
    listener.progress(progress.bytesTotal(), progress.bytesTotal());
  }

  private static OpenStore await(FutureTask<OpenStore> opening, Path path) {
    try {
      return StoreThread.await(opening);
    } catch (ExecutionException e) {
      throw failure("can't open " + path, e.getCause());
    }
  }

  /** Gives the directory back, for a caller who will never see the store. */
  private static void abandon(FutureTask<OpenStore> opening, Path path, Throwable why) {
    for (int attempt = 1; ; attempt++) {
      try {
        close(await(opening, path), path);
        return;
      } catch (OutOfMemoryError e) {
        StoreWorker.pause(attempt, e);
      } catch (RuntimeException e) {
        why.addSuppressed(e);
        return;
      }
    }
  }

  /** Closes an open store on a thread of its own. */
  static void close(OpenStore opened, Path path) {
    try {
      StoreThread.callByAllMeans(
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

  private OpenStore openDirectory(Path path) throws IOException {
    Futures.prepare();
    if (settings.readOnly()) {
      return openForReading(path);
    }
    StoreDirectory directory = StoreDirectory.open(path, storage);
    try {
      Storage files = directory.guard(storage);
      Manifest manifest = directory.manifest(stripesIfNew(), files);
      requireStripes(manifest, path);
      SchemaFile schemas = SchemaFile.open(path, files);
      long owner = manifest.owner();
      FoundHistory found = FoundHistory.read(path, owner);
      found.requireSchemas(schemas.read());
      StoreHistory history = StoreHistory.of(found);
      IndexCheckpoint checkpoint = IndexCheckpoint.read(path, owner, manifest.stripes());
      IndexRecovery recovery = recovery(manifest, checkpoint);
      LogOpening.Opened log =
          LogOpening.open(logSettings(path, files, history), segments, recovery, progress);
      try {
        if (checkpoint != null && recovery.restoredPosition() == null) {
          // It is of other files; nobody is to find it again beside what this log will be.
          IndexCheckpoint.delete(path, files);
        }
        // All before this was of either format.
        manifest.upgrade(path, files);
        directory.watch(log);
        history.begin(log, schemas, files);
        return start(recovery, manifest, log, new Home(directory, null, schemas, history));
      } catch (Throwable e) {
        closeAfter(e, log.log()::close);
        throw e;
      }
    } catch (Throwable e) {
      directory.close();
      throw e;
    }
  }

  /** Opens beside whoever has the store: it is in nobody's way, and changes nothing. */
  private OpenStore openForReading(Path path) throws IOException {
    if (!Files.exists(path.resolve(Manifest.FILE))) {
      throw new KvStoreException(path + " is not a store: it has no manifest");
    }
    for (; ; ) {
      ReaderLock reading = ReaderLock.on(path);
      try {
        OpenStore opened = openForReading(path, reading);
        if (reading.isEffective()) {
          return opened;
        }
        close(opened, path);
      } catch (Throwable e) {
        boolean isOver = reading.isEffective();
        reading.close();
        if (isOver) {
          throw e;
        }
      }
    }
  }

  private OpenStore openForReading(Path path, ReaderLock reading) throws IOException {
    Manifest manifest = Manifest.read(path);
    requireStripes(manifest, path);
    // Before the schemas: they are never behind it.
    FoundHistory found = FoundHistory.read(path, manifest.owner());
    SchemaFile schemas = SchemaFile.openForReading(path);
    found.requireOthers(schemas.read());
    IndexRecovery recovery = recovery(manifest, null);
    LogOpening.Opened log = LogOpening.openForReading(path, segments, recovery, progress);
    return start(recovery, manifest, log, new Home(null, reading, schemas, StoreHistory.of(found)));
  }

  private void requireStripes(Manifest manifest, Path path) {
    Integer stripes = settings.stripes();
    if (stripes != null && stripes != manifest.stripes()) {
      throw new KvStoreException(
          path + " was created with " + manifest.stripes() + " stripes, not with " + stripes);
    }
  }

  /** Closes what a failed opening leaves behind. */
  private static void closeAfter(Throwable failure, Runnable closing) {
    try {
      closing.run();
    } catch (Throwable second) {
      failure.addSuppressed(second);
    }
  }

  private LogSettings logSettings(Path path, Storage files, WriterTags tags) {
    return new LogSettings(
        path,
        files,
        settings.durability(),
        settings.syncInterval(),
        settings.maxSegmentBytes(),
        KvStoreBuilder.MAX_UNSYNCED_BYTES,
        settings.maxDiskBytes(),
        events,
        tags);
  }

  private int stripesIfNew() {
    Integer stripes = settings.stripes();
    return stripes == null ? KvStoreBuilder.DEFAULT_STRIPES : stripes;
  }

  private IndexRecovery recovery(Manifest manifest, @Nullable IndexCheckpoint checkpoint) {
    IndexRecovery.Size size = new IndexRecovery.Size(manifest.stripes(), maxSlots);
    return new IndexRecovery(segments, manifest.keyHash(), size, checkpoint);
  }

  /**
   * What a store has besides its log.
   *
   * @param directory null if the store does not have it to itself
   * @param reading null if it has, or is in memory
   */
  private record Home(
      @Nullable StoreDirectory directory,
      @Nullable ReaderLock reading,
      SchemaStore schemas,
      StoreHistory history) {}

  private OpenStore start(
      IndexRecovery recovery, Manifest manifest, LogOpening.Opened log, Home home)
      throws IOException {
    StoreDirectory directory = home.directory();
    Log openLog = log.log();
    boolean later = directory != null && settings.durability() == Durability.SYNC;
    Expiry expiry = new Expiry(settings.clock());
    OrderedKeys ordered = settings.ordered() ? new OrderedKeys() : null;
    Stripe.Shared shared =
        new Stripe.Shared(openLog, events, expiry, new OpenSnapshots(), ordered, later);
    Stripes stripes = new Stripes(manifest.keyHash(), recovery.indexes(), shared);
    if (ordered != null) {
      ordered.fill(settings.name(), stripes);
    }
    Compaction compaction = log.compaction(stripes.liveRecords());
    Checkpointer checkpointer = null;
    if (directory != null) {
      Checkpointer.Place place =
          new Checkpointer.Place(
              directory.path(), directory.guard(storage), manifest.owner(), events);
      checkpointer = new Checkpointer(place, openLog, compaction, stripes);
      checkpointer.found(recovery.restoredPosition(), progress.bytesTotal());
    }
    ExpirySweep sweep = new ExpirySweep(openLog, stripes, expiry, events);
    Runnable prepare = StoreClasses::initialize;
    home.history().beforeFirstWrite(prepare);
    Maintenance maintenance =
        new Maintenance(
            new Maintenance.Work(
                openLog, compaction, sweep, checkpointer, events, directory, prepare),
            settings.name(),
            settings.background());
    stripes.limitedBy(maintenance);
    Closing closing =
        new Closing(checkpointer, directory, home.reading(), home.schemas(), home.history());
    OpenStore.Recovered recovered =
        new OpenStore.Recovered(
            progress.bytesTotal(),
            stripes.size(),
            log.cutBytes(),
            recovery.restoredPosition() != null);
    Backup backup =
        directory == null
            ? null
            : new Backup(
                directory.path(), manifest, storage, openLog, home.schemas(), home.history());
    OpenStore opened =
        new OpenStore(
            stripes, expiry, openLog, compaction, maintenance, backup, closing, events, recovered);
    try {
      startThreads(opened);
    } catch (Throwable e) {
      closeAfter(e, maintenance::close);
      throw e;
    }
    return opened;
  }

  private void startThreads(OpenStore opened) {
    Maintenance maintenance = opened.maintenance();
    opened.log().start(opened.stripes().publisher(), maintenance::sealed);
    if (!settings.readOnly()) {
      maintenance.start();
    }
    if (opened.recovered().fromCheckpoint()) {
      var unused =
          maintenance.ask(
              "load the indexes",
              () -> {
                opened.stripes().loadIndexes(maintenance::requireOpen);
                return null;
              });
    }
  }
}
