package io.kvstore.recovery;

import io.kvstore.Durability;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.compaction.CompactedBuffers;
import io.kvstore.compaction.CompactedDirectory;
import io.kvstore.compaction.CompactedFiles;
import io.kvstore.compaction.Compaction;
import io.kvstore.compaction.IndexAccess;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.files.SegmentSizes;
import io.kvstore.files.SpareFiles;
import io.kvstore.log.GroupCommitWriter;
import io.kvstore.log.HeapSegments;
import io.kvstore.log.HeapWriter;
import io.kvstore.log.Log;
import io.kvstore.log.LogParts;
import io.kvstore.log.LogSettings;
import io.kvstore.log.LogWriter;
import io.kvstore.log.MappedWriter;
import io.kvstore.log.RecoveredLog;
import io.kvstore.log.SegmentPreparer;
import io.kvstore.log.SegmentPresence;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.Storage;
import io.kvstore.platform.WriteFailure;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The opening of a log: recovers it, and starts the threads that its durability needs. */
public final class LogOpening {
  /** The file that names the segments of a log that was compacted. */
  public static final String LIST_FILE = SegmentList.FILE;

  private LogOpening() {}

  /** Returns the log of a store in memory. */
  public static Opened inMemory(
      SegmentTable segments, int maxSegmentBytes, long maxBytes, EventDispatcher events) {
    SegmentSizes sizes = new SegmentSizes(maxSegmentBytes, maxBytes, true);
    return onHeap(RecoveredLog.empty(segments), sizes, events);
  }

  private static Opened onHeap(RecoveredLog recovered, SegmentSizes sizes, EventDispatcher events) {
    LogParts parts =
        new LogParts(
            new HeapSegments(),
            new HeapWriter(),
            sizes,
            events,
            new WriteFailure(events),
            WriterTags.NONE);
    Log log = new Log(recovered, parts);
    return new Opened(
        new Compaction.Parts(log, new CompactedBuffers(), false, events, WriterTags.NONE), 0);
  }

  /**
   * Opens the log of a directory that others may be writing to, to be read only: nothing may be
   * appended to it, and nothing compacted. To be called on a thread of the store.
   *
   * @param segments empty; the target may read from it while it is told of changes
   */
  public static Opened openForReading(
      Path directory, SegmentTable segments, RecoveryTarget target, RecoveryProgress progress)
      throws IOException {
    SegmentFiles files = new SegmentFiles(directory, Storage.FILES, false);
    RecoveredLog recovered = new ReadOnlyRecovery(files, target, progress).run(segments);
    SegmentSizes sizes =
        new SegmentSizes(KvStoreBuilder.MAX_SEGMENT_BYTES, SegmentSizes.UNLIMITED, true);
    return onHeap(recovered, sizes, new EventDispatcher(null));
  }

  /**
   * Recovers a directory and opens its log. To be called on a thread of the store.
   *
   * @param segments empty; the target may read from it while it is told of changes
   */
  public static Opened open(
      LogSettings settings, SegmentTable segments, RecoveryTarget target, RecoveryProgress progress)
      throws IOException {
    boolean sync = settings.durability() == Durability.SYNC;
    Storage storage = settings.storage();
    SegmentFiles files = new SegmentFiles(settings.directory(), storage, sync);
    RecoveredLog recovered = new Recovery(files, target, progress, settings.tags()).run(segments);
    if (sync) {
      recovered = secure(files, recovered);
    }
    LogWriter writer = sync ? new GroupCommitWriter(settings) : new MappedWriter(settings);
    WriteFailure failure = new WriteFailure(settings.events());
    SegmentSizes sizes =
        new SegmentSizes(settings.maxSegmentBytes(), settings.maxDiskBytes(), false);
    SpareFiles.deleteLeft(files);
    SpareFiles spares = new SpareFiles(files, sizes);
    SegmentPreparer source = new SegmentPreparer(files, spares, recovered.lastId() + 1, failure);
    WriterTags tags = settings.tags();
    Log log =
        new Log(recovered, new LogParts(source, writer, sizes, settings.events(), failure, tags));
    long lastId = recovered.list().compacted().last();
    CompactedFiles compacted = new CompactedDirectory(files, lastId, spares);
    return new Opened(
        new Compaction.Parts(log, compacted, true, settings.events(), tags), recovered.cutBytes());
  }

  /** Syncs what another process may have left to the operating system: readers see it from now. */
  private static RecoveredLog secure(SegmentFiles files, RecoveredLog recovered)
      throws IOException {
    for (Segment segment : recovered.unsynced()) {
      Path file = files.path(segment.header());
      try (FileChannel channel = files.storage().open(file, StandardOpenOption.WRITE)) {
        files.storage().sync(channel);
      }
    }
    files.syncDirectory();
    return recovered.secured();
  }

  /** A log, not yet started. */
  public static final class Opened {
    private final Compaction.Parts parts;
    private final long cutBytes;

    Opened(Compaction.Parts parts, long cutBytes) {
      this.parts = parts;
      this.cutBytes = cutBytes;
    }

    /** Returns the log. */
    public Log log() {
      return parts.log();
    }

    /** Returns what compacts the log. */
    public Compaction compaction(IndexAccess live) {
      return new Compaction(parts, live);
    }

    /** Returns what finds files that are gone. */
    public SegmentPresence presence() {
      return new SegmentPresence(parts.log().segments());
    }

    /** Makes the log take no more writes, for a reason that lies outside of it. */
    public void fail(IOException reason) {
      KvStoreException unused = parts.log().failure().note("the directory is lost", "", reason);
    }

    /** Returns the bytes of a torn tail that were cut off. */
    public long cutBytes() {
      return cutBytes;
    }
  }
}
