package io.kvstore.engine;

import io.kvstore.PutOptions;
import io.kvstore.log.LogClasses;
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
      FoundChanges.class,
      Expiry.class,
      OpenSnapshots.class,
      Stripes.class,
      Watches.class,
      OperationCounters.class,
      Stripe.class,
      StripeMoves.class,
      Checkpointer.class,
      ExpirySweep.class,
      Maintenance.class,
      DiskPressure.class,
      Closing.class,
      Backup.class,
      Slot.class,
      Coding.class,
      ConditionalWrites.class,
      RangeScan.class,
      RecordIterator.class,
      Scans.class,
      StoreWatch.class
    };
  }
}
