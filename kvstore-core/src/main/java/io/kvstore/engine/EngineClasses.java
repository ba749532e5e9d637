package io.kvstore.engine;

/** See {@link #load}. */
final class EngineClasses {
  private EngineClasses() {}

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
