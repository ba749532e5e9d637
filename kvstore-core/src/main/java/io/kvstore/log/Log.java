package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.files.SegmentSizes;
import io.kvstore.platform.SpinningLock;
import io.kvstore.platform.WriteFailure;
import io.kvstore.record.LogRecord;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import java.io.Closeable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of a store, a sequence of segments: appends records, one at a time or as a batch, and
 * rolls to the next segment.
 *
 * <p>Each change gets the next sequence and the next position, so the order of the bytes is the
 * order of the changes. Reading needs no lock and goes through {@link SegmentTable}.
 */
public final class Log implements Closeable {
  /** A segment is oversize if it exceeds the size of a new one by this factor. */
  private static final int OVERSIZE_FACTOR = 2;

  /** The active segment of a store at rest wastes at most this fraction of the live bytes. */
  private static final int WASTE_SHARE = 16;

  private final SegmentTable segments;
  private final SegmentSource source;
  private final LogWriter writer;
  private final SegmentSizes sizes;
  private final SpinningLock lock = new SpinningLock();

  @GuardedBy("lock")
  private final Appender appender;

  @GuardedBy("lock")
  private long markedSequence;

  @GuardedBy("lock")
  private boolean closed;

  private volatile long syncedSequence;

  /** Null once this opening has its writer tag, or if it has none. */
  private volatile @Nullable WriterTags unclaimed;

  private final WriteThrottle brake;
  private final WriteFailure failure;

  public Log(RecoveredLog recovered, LogParts parts) {
    this.segments = recovered.segments();
    this.source = parts.source();
    this.writer = parts.writer();
    this.sizes = parts.sizes();
    this.brake = new WriteThrottle(parts.events());
    this.failure = parts.failure();
    this.appender = new Appender(recovered, parts);
    this.unclaimed = parts.tags() == WriterTags.NONE ? null : parts.tags();
    this.markedSequence = recovered.markedSequence();
    this.syncedSequence = recovered.syncedSequence();
  }

  /**
   * Starts the background work of the log; called before the first append.
   *
   * @param publisher publishes each change in mode SYNC once it is durable; in the other modes a
   *     change may be published once it is appended
   * @param onSeal called after a segment was sealed; must return at once and not throw
   */
  public void start(Publisher publisher, Runnable onSeal) {
    lock.lock();
    try {
      appender.onSeal(onSeal);
    } finally {
      lock.unlock();
    }
    source.start();
    writer.start(this, publisher);
  }

  /**
   * Waits while too many bytes are unsynced, and before the first write until its writer tag is
   * durable; called before a write takes any lock.
   */
  public void awaitRoom() {
    WriterTags tags = unclaimed;
    if (tags != null && tags.claim() != 0) {
      unclaimed = null;
    }
    brake.await();
    writer.awaitRoom();
  }

  /**
   * Appends a change. On return it has its sequence and location, and unless it has to wait for a
   * sync, its bytes are in the page cache of the operating system; {@link LogRecord#done()}
   * completes when it is durable.
   *
   * @throws KvStoreException if it can't be written; nothing has changed then
   */
  public void append(LogRecord record) {
    record.claim();
    lock.lock();
    try {
      requireWritable();
      appender.append(record);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Appends the changes of a batch, all or none, contiguously in one segment. After a crash either
   * all of them are valid, or none.
   *
   * @param batch at least one record; the list must not be modified
   * @throws KvStoreException as {@link #append(LogRecord)} does
   */
  public void append(List<LogRecord> batch) {
    for (LogRecord record : batch) {
      record.claim();
    }
    for (LogRecord record : batch.subList(0, batch.size() - 1)) {
      record.setMore();
    }
    lock.lock();
    try {
      requireWritable();
      appender.append(batch);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void requireWritable() {
    if (closed) {
      throw new ClosedStoreException("the store is closed");
    }
    appender.requireWritable();
  }

  /** Returns the size of all segments, including the prepared one, in bytes. */
  public long diskBytes() {
    lock.lock();
    try {
      return appender.diskBytes();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a put of usual size finds room. */
  public boolean hasRoom() {
    int capacity;
    lock.lock();
    try {
      if (!appender.allowsPuts()) {
        return false;
      }
      capacity = appender.nextCapacity();
    } finally {
      lock.unlock();
    }
    return capacity == 0 || source.hasRoom(capacity);
  }

  // ---- for the writers

  /**
   * Returns the write failure of the store, after which writes are rejected until it is reopened.
   */
  public WriteFailure failure() {
    return failure;
  }

  SyncPoint syncPoint() {
    lock.lock();
    try {
      return new SyncPoint(appender.sequence(), appender.unsynced().parts());
    } finally {
      lock.unlock();
    }
  }

  void synced(SyncPoint point) {
    lock.lock();
    try {
      appender.unsynced().synced(point.parts());
      committed(point.sequence());
    } finally {
      lock.unlock();
    }
  }

  /** Records that all changes up to a sequence are durable, and appends a sync marker. */
  void committed(long upTo) {
    lock.lock();
    try {
      syncedSequence = upTo;
      if (upTo > markedSequence && appender.mark(upTo)) {
        markedSequence = upTo;
      }
    } catch (OutOfMemoryError e) {
      // Only the sync marker is missing, and the next one covers the same changes.
    } finally {
      lock.unlock();
    }
  }

  /** Records that chunks have been written to their files. */
  void written(List<CommitGroup.Chunk> chunks) {
    lock.lock();
    try {
      for (CommitGroup.Chunk chunk : chunks) {
        chunk.segment().written(chunk.to());
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- for compaction and the readers of changes

  /** Returns a reader of the changes from a sequence on. */
  public ChangeReader changesFrom(long sequence) {
    return new ChangeReader(this, sequence);
  }

  /** Runs a short action while nothing is appended. */
  public <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the end of the readable records of a segment. */
  public int readableEnd(Segment segment) {
    lock.lock();
    try {
      return writer.readableEnd(segment);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the last change that is certainly in the indexes once the pending writes of all stripes
   * have been applied: later ones may still be waiting for their sync.
   */
  public long shownSequence() {
    return writer.publishesLater() ? syncedSequence : sequence();
  }

  /** Returns whether a segment can be dropped: it is sealed and synced, and its file is closed. */
  @SuppressWarnings("GuardedBy") // called by what locked() runs
  public boolean isDone(Segment segment) {
    return segment.sealed() && segment.channel() == null && !appender.unsynced().contains(segment);
  }

  /** Returns the write throttle, which slows down writers that are ahead of compaction. */
  public WriteThrottle brake() {
    return brake;
  }

  /** Returns the active segment and the last change before it, or null. */
  public @Nullable ActiveSegment active() {
    lock.lock();
    try {
      Segment segment = appender.active();
      return segment == null
          ? null
          : new ActiveSegment(segment, appender.activeSince(), segment.anchorAt());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Rolls to a new segment if that saves disk space once the active one is compacted, and discards
   * a prepared one that is too large.
   *
   * @param thorough whether to roll also for stale records in the active segment
   */
  public void rollIfWorthwhile(boolean thorough) {
    lock.lock();
    try {
      Segment segment = appender.active();
      long liveBytes = segments.totals().liveBytes();
      int capacity = sizes.atRest(liveBytes);
      source.discardAbove(OVERSIZE_FACTOR * capacity);
      if (segment == null || closed || failure.get() != null) {
        return;
      }
      long garbage = segment.staleBytes() + segment.tombstoneBytes();
      long gain = segment.capacity() - segment.liveBytes() - capacity;
      long tolerated =
          Math.min(segment.capacity() / 2, Math.max(capacity, liveBytes / WASTE_SHARE));
      boolean wasteful = gain > tolerated || (thorough && garbage > 0);
      if (wasteful && sizes.allowsDeletes(appender.diskBytes() + capacity)) {
        appender.rollTo(capacity, false);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Counts bytes that compaction takes on the disk, or releases. */
  public void addDiskBytes(long change) {
    lock.lock();
    try {
      appender.addDiskBytes(change);
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the store has a limit of disk space. */
  public boolean isLimited() {
    return sizes.isLimited();
  }

  public SegmentSizes sizes() {
    return sizes;
  }

  public long syncedSequence() {
    return syncedSequence;
  }

  // ---- sync, state, close

  /**
   * Syncs the log: the future completes once everything appended so far would survive a power cut.
   */
  public CompletableFuture<Void> sync() {
    return writer.sync();
  }

  /** Returns the segments, for reading. */
  public SegmentTable segments() {
    return segments;
  }

  /** Returns the sequence of the last change, 0 if there is none. */
  public long sequence() {
    lock.lock();
    try {
      return appender.sequence();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of bytes appended since the log was opened. */
  public long appendedBytes() {
    lock.lock();
    try {
      return appender.appendedBytes();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the counters. */
  public LogStats stats() {
    lock.lock();
    try {
      SegmentTable.Totals totals = segments.totals();
      return new LogStats(
          totals.liveBytes(),
          totals.staleBytes(),
          totals.tombstoneBytes(),
          totals.writtenBytes(),
          appender.diskBytes(),
          totals.segments(),
          appender.sequence(),
          syncedSequence,
          writer.syncs(),
          appender.appendedBytes());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Syncs the remaining bytes, and ends the log's threads. Called once, on a thread of the store.
   *
   * @throws KvStoreException if the last sync failed; everything is closed all the same
   */
  @Override
  public void close() {
    try {
      lock.lock();
      try {
        closed = true;
      } finally {
        lock.unlock();
      }
    } finally {
      closeParts();
    }
    KvStoreException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private void closeParts() {
    try {
      writer.close();
    } finally {
      try {
        source.close();
      } finally {
        segments.closeChannels();
      }
    }
  }
}
