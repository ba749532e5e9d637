package io.kvstore.engine;

import io.kvstore.PutOptions;
import io.kvstore.backup.Backup;
import io.kvstore.directory.Branch;
import io.kvstore.directory.HistoryFile;
import io.kvstore.directory.StoreHistory;
import io.kvstore.index.IndexBuilder;
import io.kvstore.index.IndexCheckpoint;
import io.kvstore.index.IndexRecovery;
import io.kvstore.index.KeyIndex;
import io.kvstore.index.RecoveredChanges;
import io.kvstore.index.Slot;
import io.kvstore.index.StoredSlots;
import io.kvstore.index.TagRange;
import io.kvstore.maintenance.Checkpointer;
import io.kvstore.maintenance.DiskPressure;
import io.kvstore.maintenance.ExpirySweep;
import io.kvstore.maintenance.Maintenance;
import io.kvstore.stripe.Condition;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.IndexUpdater;
import io.kvstore.stripe.OpenSnapshots;
import io.kvstore.stripe.OperationCounters;
import io.kvstore.stripe.RangeScan;
import io.kvstore.stripe.RecordIterator;
import io.kvstore.stripe.Stripe;
import io.kvstore.stripe.Stripes;
import io.kvstore.stripe.Watches;
import java.lang.invoke.MethodHandles;

/** When the classes of a store are loaded and initialized; see {@link LogClasses}. */
final class EngineClasses {
  private EngineClasses() {}

  /** Initializes what is used later, once the store is open and on a thread of its own. */
  static void initialize() {
    LogClasses.initialize();
    LogClasses.initialize(
        MethodHandles.lookup(),
        Condition.class,
        PutOptions.class,
        StripedSnapshot.class,
        TagRange.class);
  }

  /**
   * Has the JVM load classes that opening a store needs besides those of the log, likewise.
   *
   * @return them
   */
  static Class<?>[] load() {
    return new Class<?>[] {
      StoreHistory.class,
      HistoryFile.class,
      Branch.class,
      IndexCheckpoint.class,
      IndexRecovery.class,
      IndexBuilder.class,
      KeyIndex.class,
      StoredSlots.class,
      RecoveredChanges.class,
      Expiry.class,
      OpenSnapshots.class,
      Stripes.class,
      Watches.class,
      OperationCounters.class,
      Stripe.class,
      IndexUpdater.class,
      Checkpointer.class,
      ExpirySweep.class,
      Maintenance.class,
      DiskPressure.class,
      Closing.class,
      Backup.class,
      Slot.class,
      CodecPair.class,
      ConditionalWrites.class,
      RangeScan.class,
      RecordIterator.class,
      Scans.class,
      StoreWatch.class
    };
  }
}
