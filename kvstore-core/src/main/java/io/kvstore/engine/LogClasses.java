package io.kvstore.engine;

import io.kvstore.backup.SegmentCopier;
import io.kvstore.compaction.CompactedDirectory;
import io.kvstore.compaction.Compaction;
import io.kvstore.compaction.CompactionGoal;
import io.kvstore.compaction.IndexAccess;
import io.kvstore.compaction.SegmentStats;
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
import io.kvstore.maintenance.DeadlineScan;
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
import io.kvstore.segment.RecordView;
import io.kvstore.segment.ScanTotals;
import io.kvstore.segment.ScannedRecord;
import io.kvstore.segment.SealedIds;
import io.kvstore.segment.SegmentFiles;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentLinks;
import io.kvstore.segment.SegmentList;
import io.kvstore.segment.SegmentScan;
import io.kvstore.segment.SegmentScanner;
import io.kvstore.segment.SegmentSizes;
import io.kvstore.segment.SegmentTotals;
import io.kvstore.segment.SegmentUse;
import io.kvstore.segment.SpareFiles;
import io.kvstore.segment.StaleBits;
import io.kvstore.segment.StaleRecords;
import io.kvstore.segment.StoredKey;
import io.kvstore.segment.StoredRecord;
import java.lang.invoke.MethodHandles;
import java.lang.runtime.ObjectMethods;
import java.nio.channels.FileChannel.MapMode;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** When the classes of a log are loaded and initialized: not whenever one happens to be used. */
public final class LogClasses {
  private static final Class<?>[] USED_LATER = {
    Arenas.class,
    CompactionGoal.class,
    FullDisk.class,
    LittleEndian.class,
    LogRecord.class,
    SegmentCopier.class,
    SegmentStats.class,
    SegmentFiles.Secrets.class,
    SharedSync.class,
    StaleBits.class,
    StaleRecords.class,
    MapMode.class,
    ObjectMethods.class,
    ThreadLocalRandom.class
  };

  /** Has the JDK initialize what compares records, and what adds up their hashes. */
  private record Sample(long a, int b, boolean c, Object d) {}

  private LogClasses() {}

  /**
   * Initializes what the threads of a log and its callers use later, of the JDK too. A class whose
   * initializer throws, for want of memory perhaps, can't be used ever after by anybody in the JVM,
   * and memory is rarely wanting just after an opening.
   */
  public static void initialize() {
    initialize(MethodHandles.lookup(), USED_LATER);
    Comparator<Long> order = Comparator.comparingLong(n -> -n);
    List<Long> sorted = Stream.of(1L, 2L, 3L).filter(n -> n > 0).sorted(order).toList();
    List<Long> mapped = sorted.stream().map(n -> n + 1).toList();
    long[] some = mapped.stream().filter(n -> n > 0).mapToLong(n -> n).limit(2).toArray();
    int sum = mapped.stream().mapToInt(Long::intValue).sum();
    boolean streams = sorted.stream().noneMatch(n -> n > some.length + sum);
    Sample sample = new Sample(1, 2, true, sorted);
    Sample same = new Sample(1, 2, true, List.copyOf(sorted));
    if (!streams || !sample.equals(same) || sample.hashCode() != same.hashCode()) {
      throw new AssertionError("the JDK does not work");
    }
  }

  /** Initializes classes that a lookup may access. */
  public static void initialize(MethodHandles.Lookup lookup, Class<?>... classes) {
    for (Class<?> each : classes) {
      try {
        lookup.ensureInitialized(each);
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
  }

  /**
   * Has the JVM load classes that opening a log needs, in the order in which it does; it
   * initializes none. To be called by who waits for the opening on another thread: in a JVM that
   * has just started, most of an opening is the loading of classes.
   *
   * @return them
   */
  public static Class<?>[] load() {
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
}
