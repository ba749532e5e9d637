package io.kvstore.engine;

import io.kvstore.Durability;
import io.kvstore.backup.Backup;
import io.kvstore.codec.kryo.SchemaStore;
import io.kvstore.compaction.Compaction;
import io.kvstore.directory.Manifest;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.directory.StoreHistory;
import io.kvstore.index.IndexRecovery;
import io.kvstore.log.Log;
import io.kvstore.maintenance.Checkpointer;
import io.kvstore.maintenance.ExpirySweep;
import io.kvstore.maintenance.Maintenance;
import io.kvstore.ownership.ReaderLock;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.recovery.LogOpening;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.OpenSnapshots;
import io.kvstore.stripe.OrderedKeys;
import io.kvstore.stripe.Stripe;
import io.kvstore.stripe.Stripes;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Assembles a store from a recovered log and its indexes, and starts its threads. */
final class StoreAssembly {
  private final StoreOpening.Parts parts;
  private final StoreSettings settings;
  private final EventDispatcher events;
  private final Manifest manifest;
  private final Home home;

  StoreAssembly(StoreOpening.Parts parts, Manifest manifest, Home home) {
    this.parts = parts;
    this.settings = parts.settings();
    this.events = parts.events();
    this.manifest = manifest;
    this.home = home;
  }

  /**
   * The parts of a store that belong to its directory, besides the log.
   *
   * @param directory null unless the store is open for writing in a directory
   * @param reading null unless the store is open read-only
   */
  record Home(
      @Nullable StoreDirectory directory,
      @Nullable ReaderLock reading,
      SchemaStore schemas,
      StoreHistory history) {}

  OpenStore start(LogOpening.Opened opened, IndexRecovery recovery) throws IOException {
    Log log = opened.log();
    Expiry expiry = new Expiry(settings.clock());
    Stripes stripes = stripes(log, recovery, expiry);
    Compaction compaction = opened.compaction(stripes.liveRecords());
    Checkpointer checkpointer = checkpointer(log, compaction, stripes);
    if (checkpointer != null) {
      checkpointer.found(recovery.restoredPosition(), parts.progress().bytesTotal());
    }
    Runnable prepare = new StoreClasses.Initialization();
    home.history().beforeFirstWrite(prepare);
    Maintenance maintenance =
        new Maintenance(
            new Maintenance.Work(
                log,
                compaction,
                new ExpirySweep(log, stripes, expiry, events),
                checkpointer,
                events,
                home.directory(),
                prepare),
            settings.name(),
            settings.background());
    stripes.limitedBy(maintenance);
    OpenStore store =
        new OpenStore(
            stripes,
            expiry,
            log,
            compaction,
            maintenance,
            backup(log),
            new Closing(home, checkpointer, log, maintenance),
            events,
            new OpenStore.Recovered(
                parts.progress().bytesTotal(),
                stripes.size(),
                opened.cutBytes(),
                recovery.restoredPosition() != null));
    try {
      startThreads(store);
    } catch (Throwable e) {
      closeAfter(e, maintenance);
      throw e;
    }
    return store;
  }

  private Stripes stripes(Log log, IndexRecovery recovery, Expiry expiry) throws IOException {
    boolean publishesLater = home.directory() != null && settings.durability() == Durability.SYNC;
    OrderedKeys ordered = settings.ordered() ? new OrderedKeys() : null;
    Stripe.Shared shared =
        new Stripe.Shared(log, events, expiry, new OpenSnapshots(), ordered, publishesLater);
    Stripes stripes = new Stripes(manifest.keyHash(), recovery.indexes(), shared);
    if (ordered != null) {
      ordered.fill(settings.name(), stripes);
    }
    return stripes;
  }

  private @Nullable Checkpointer checkpointer(Log log, Compaction compaction, Stripes stripes) {
    StoreDirectory directory = home.directory();
    if (directory == null) {
      return null;
    }
    Checkpointer.Place place =
        new Checkpointer.Place(
            directory.path(), directory.guard(parts.storage()), manifest.owner(), events);
    return new Checkpointer(place, log, compaction, stripes);
  }

  private @Nullable Backup backup(Log log) {
    StoreDirectory directory = home.directory();
    return directory == null
        ? null
        : new Backup(
            directory.path(), manifest, parts.storage(), log, home.schemas(), home.history());
  }

  private void startThreads(OpenStore store) {
    Maintenance maintenance = store.maintenance();
    store
        .log()
        .start(
            store.stripes().publisher(),
            new Runnable() {
              @Override
              public void run() {
                maintenance.sealed();
              }
            });
    if (!settings.readOnly()) {
      maintenance.start();
    }
    if (store.recovered().fromCheckpoint()) {
      var unused =
          maintenance.ask(
              "load the indexes",
              new Callable<>() {
                @Override
                public @Nullable Object call() {
                  store
                      .stripes()
                      .loadIndexes(
                          new Runnable() {
                            @Override
                            public void run() {
                              maintenance.requireOpen();
                            }
                          });
                  return null;
                }
              });
    }
  }

  /** Closes a part that a failed opening leaves behind; needs no memory to begin with. */
  static void closeAfter(Throwable failure, Closeable part) {
    try {
      part.close();
    } catch (Throwable second) {
      failure.addSuppressed(second);
    }
  }
}
