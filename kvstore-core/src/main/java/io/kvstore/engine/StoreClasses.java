package io.kvstore.engine;

import io.kvstore.PutOptions;
import io.kvstore.backup.Backup;
import io.kvstore.backup.SegmentCopier;
import io.kvstore.compaction.CompactedDirectory;
import io.kvstore.compaction.Compaction;
import io.kvstore.compaction.CompactionGoal;
import io.kvstore.compaction.IndexAccess;
import io.kvstore.compaction.SegmentStats;
import io.kvstore.directory.Branch;
import io.kvstore.directory.FoundHistory;
import io.kvstore.directory.HistoryFile;
import io.kvstore.directory.StoreHistory;
import io.kvstore.files.SealedIds;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.files.SegmentSizes;
import io.kvstore.files.SpareFiles;
import io.kvstore.index.IndexBuilder;
import io.kvstore.index.IndexCheckpoint;
import io.kvstore.index.IndexRecovery;
import io.kvstore.index.IndexScan;
import io.kvstore.index.KeyIndex;
import io.kvstore.index.RecoveredChanges;
import io.kvstore.index.Slot;
import io.kvstore.index.SlotTable;
import io.kvstore.index.StoredSlots;
import io.kvstore.index.TagRange;
import io.kvstore.log.Appender;
import io.kvstore.log.Log;
import io.kvstore.log.LogParts;
import io.kvstore.log.LogSettings;
import io.kvstore.log.MappedWriter;
import io.kvstore.log.RecoveredLog;
import io.kvstore.log.SegmentPreparer;
import io.kvstore.log.SegmentPresence;
import io.kvstore.log.SyncStats;
import io.kvstore.log.UnsyncedSegments;
import io.kvstore.log.WriteThrottle;
import io.kvstore.maintenance.Checkpointer;
import io.kvstore.maintenance.DeadlineScan;
import io.kvstore.maintenance.DiskPressure;
import io.kvstore.maintenance.ExpirySweep;
import io.kvstore.maintenance.Maintenance;
import io.kvstore.platform.Arenas;
import io.kvstore.platform.FullDisk;
import io.kvstore.platform.LittleEndian;
import io.kvstore.platform.Mapping;
import io.kvstore.platform.SharedSync;
import io.kvstore.platform.SpinningLock;
import io.kvstore.platform.StoreWorker;
import io.kvstore.platform.WriteFailure;
import io.kvstore.record.Location;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordCounts;
import io.kvstore.record.RecordFormat;
import io.kvstore.record.RecordWriter;
import io.kvstore.recovery.CheckpointPosition;
import io.kvstore.recovery.DirectoryScan;
import io.kvstore.recovery.LogOpening;
import io.kvstore.recovery.ObsoleteSegments;
import io.kvstore.recovery.ParallelScan;
import io.kvstore.recovery.PositionCheck;
import io.kvstore.recovery.Recovery;
import io.kvstore.recovery.SegmentChainCheck;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.RecordReads;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.ScanTotals;
import io.kvstore.segment.ScannedRecord;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentLinks;
import io.kvstore.segment.SegmentScan;
import io.kvstore.segment.SegmentScanner;
import io.kvstore.segment.SegmentTotals;
import io.kvstore.segment.SegmentUse;
import io.kvstore.segment.StaleBits;
import io.kvstore.segment.StaleRecords;
import io.kvstore.segment.StoredKey;
import io.kvstore.segment.StoredRecord;
import io.kvstore.stripe.Condition;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.IndexUpdater;
import io.kvstore.stripe.OpenSnapshots;
import io.kvstore.stripe.OperationCounters;
import io.kvstore.stripe.RecordIterator;
import io.kvstore.stripe.Stripe;
import io.kvstore.stripe.Stripes;
import io.kvstore.stripe.Watches;
import java.lang.invoke.MethodHandles;
import java.nio.channels.FileChannel.MapMode;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Class loading and initialization at fixed times: while a store is opened, and before its first
 * write. Left alone, the JVM does both at the first use of a class.
 */
final class StoreClasses {
  private static final Class<?>[] USED_LATER = {
    Arenas.class,
    CompactionGoal.class,
    Condition.class,
    FullDisk.class,
    IndexScan.class,
    LittleEndian.class,
    LogRecord.class,
    PutOptions.class,
    RecordReads.class,
    RecordVisitor.class,
    SegmentCopier.class,
    SegmentFiles.Secrets.class,
    SegmentStats.class,
    SharedSync.class,
    StaleBits.class,
    StaleRecords.class,
    StripedSnapshot.class,
    TagRange.class,
    MapMode.class,
    ThreadLocalRandom.class
  };

  /** The initialization as a task. */
  static final class Initialization implements Runnable {
    @Override
    public void run() {
      initialize();
    }
  }

  private StoreClasses() {}

  /**
   * Initializes the classes, also of the JDK, that are first used after the store is open. A class
   * whose initializer throws, for example for lack of memory, can't be used again in this JVM.
   * Right after an opening memory is rarely short.
   */
  static void initialize() {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    for (Class<?> each : USED_LATER) {
      try {
        lookup.ensureInitialized(each);
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    initializeJdk();
  }

  private static void initializeJdk() {
    int[] ints = {2, 1};
    Arrays.sort(ints);
    long[] longs = {2, 1};
    Arrays.sort(longs);
    if (ints[0] != longs[0]) {
      throw new AssertionError("the JDK does not sort");
    }
  }

  /**
   * Makes the JVM load the classes that opening a store needs, in the order in which it needs them;
   * none is initialized. For the thread that waits while another one opens the store: in a JVM that
   * has just started, class loading takes most of the time of an opening.
   */
  static void load() {
    loadLog();
    loadStore();
  }

  private static Class<?>[] loadLog() {
    return new Class<?>[] {
      RecordFingerprint.class,
      CheckpointPosition.class,
      SegmentHeader.class,
      SegmentLinks.class,
      SegmentScan.class,
      LogSettings.class,
      LogOpening.class,
      SegmentFiles.class,
      Recovery.class,
      DirectoryScan.class,
      SegmentList.class,
      SealedIds.class,
      PositionCheck.class,
      Mapping.class,
      Arenas.class,
      SegmentUse.class,
      SegmentTotals.class,
      ParallelScan.class,
      SegmentScanner.class,
      ScannedRecord.class,
      RecordCounts.class,
      ScanTotals.class,
      RecordFormat.class,
      SegmentChainCheck.class,
      ObsoleteSegments.class,
      RecoveredLog.class,
      MappedWriter.class,
      RecordWriter.class,
      SyncStats.class,
      WriteFailure.class,
      SegmentSizes.class,
      SpareFiles.class,
      SegmentPreparer.class,
      StoreWorker.class,
      Log.class,
      LogParts.class,
      SpinningLock.class,
      WriteThrottle.class,
      Appender.class,
      UnsyncedSegments.class,
      CompactedDirectory.class,
      SegmentPresence.class,
      IndexAccess.class,
      Compaction.class,
      DeadlineScan.class,
      StoredRecord.class,
      LittleEndian.class,
      Location.class,
      RecordView.class,
      StoredKey.class
    };
  }

  private static Class<?>[] loadStore() {
    return new Class<?>[] {
      FoundHistory.class,
      StoreHistory.class,
      HistoryFile.class,
      Branch.class,
      IndexCheckpoint.class,
      IndexRecovery.class,
      IndexBuilder.class,
      SlotTable.class,
      KeyIndex.class,
      StoredSlots.class,
      RecoveredChanges.class,
      StoreAssembly.class,
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
