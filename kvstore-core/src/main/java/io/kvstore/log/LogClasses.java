package io.kvstore.log;

/** See {@link #load}. */
public final class LogClasses {
  private LogClasses() {}

  /**
   * Has the JVM load classes that opening a log needs, in the order in which it does; it
   * initializes none. To be called by who waits for the opening on another thread: in a JVM that
   * has just started, most of an opening is the loading of classes.
   *
   * @return them
   */
  public static Class<?>[] load() {
    return new Class<?>[] {
      Trace.class,
      LogPosition.class,
      SegmentHeader.class,
      Bonds.class,
      SegmentScan.class,
      LogSettings.class,
      LogOpening.class,
      SegmentFiles.class,
      Recovery.class,
      FoundFiles.class,
      SegmentList.class,
      SealedIds.class,
      PositionCheck.class,
      Mapping.class,
      Arenas.class,
      SegmentUse.class,
      SegmentTally.class,
      ParallelScan.class,
      SegmentScanner.class,
      ScannedRecord.class,
      RecordCounts.class,
      ScanTally.class,
      RecordFormat.class,
      Continuity.class,
      Leftovers.class,
      RecoveredLog.class,
      MappedWriter.class,
      RecordWriter.class,
      SyncFigures.class,
      WriteFailure.class,
      SegmentSizes.class,
      SpareFiles.class,
      SegmentPreparer.class,
      StoreWorker.class,
      Log.class,
      LogParts.class,
      ShortLock.class,
      Brake.class,
      Appender.class,
      UnsyncedSegments.class,
      CompactedDirectory.class,
      SegmentPresence.class,
      LiveRecords.class,
      Compaction.class,
      DeadlineScan.class,
      StoredRecord.class,
      LittleEndian.class,
      Location.class,
      RecordView.class,
      StoredKey.class
    };
  }
}
