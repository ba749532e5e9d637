package io.kvstore.log;

import io.kvstore.Durability;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** Opens logs: recovers what is there, and starts the threads that a durability needs. */
public final class LogOpening {
  private LogOpening() {}

  /** Returns the log of a store in memory. */
  public static Log inMemory(Segments segments, int maxSegmentBytes) {
    RecoveredLog nothing = RecoveredLog.empty(segments);
    return new Log(nothing, new HeapSegments(), new HeapWriter(), maxSegmentBytes);
  }

  /**
   * Recovers a directory and opens its log. To be called on a thread of the store.
   *
   * @param segments empty; the target may read from it while it is told of changes
   */
  public static Opened open(
      LogSettings settings, Segments segments, RecoveryTarget target, RecoveryProgress progress)
      throws IOException {
    boolean sync = settings.durability() == Durability.SYNC;
    Storage storage = settings.storage();
    SegmentFiles files = new SegmentFiles(settings.directory(), storage, sync);
    RecoveredLog recovered = new Recovery(files, target, progress).run(segments);
    if (sync) {
      recovered = secure(files, recovered);
    }
    LogWriter writer =
        sync
            ? new Committer(settings.directory(), storage, settings.maxUnsyncedBytes())
            : new MappedWriter(settings.directory(), storage, settings.interval());
    SegmentPreparer source = SegmentPreparer.start(files, recovered.lastId() + 1);
    Log log = new Log(recovered, source, writer, settings.maxSegmentBytes());
    return new Opened(log, recovered.cutBytes());
  }

  /** Syncs what another process may have left to the operating system: readers see it from now. */
  private static RecoveredLog secure(SegmentFiles files, RecoveredLog recovered)
      throws IOException {
    for (Segment segment : recovered.unsynced()) {
      try (FileChannel channel =
          FileChannel.open(files.path(segment.id()), StandardOpenOption.WRITE)) {
        files.storage().sync(channel);
      }
    }
    files.syncDirectory();
    return recovered.secured();
  }

  /**
   * A log, not yet started.
   *
   * @param cutBytes bytes of a torn tail that were cut off
   */
  public record Opened(Log log, long cutBytes) {}
}
