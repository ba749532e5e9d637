package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a store, in order: appends records, one at a time or as a batch, and rolls to the
 * next segment.
 *
 * <p>Each change gets the next sequence and the next place, so the order of the bytes is the order
 * of the changes. Reading needs no lock and goes through {@link Segments}.
 */
public final class Log {
  /** What is done already; shared by all who never wait. */
  public static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  /** A segment is much too large if it has so many times what a new one would have. */
  private static final int MUCH = 2;

  private final Segments segments;
  private final SegmentSource source;
  private final LogWriter writer;
  private final SegmentSizes sizes;
  private final ReentrantLock lock = new ShortLock();

  @GuardedBy("lock")
  private @Nullable Segment active;

  /** The last change before the active segment. */
  @GuardedBy("lock")
  private long activeSince;

  @GuardedBy("lock")
  private boolean nextAsked;

  @GuardedBy("lock")
  private long sequence;

  @GuardedBy("lock")
  private long markedSequence;

  @GuardedBy("lock")
  private long capacityBytes;

  @GuardedBy("lock")
  private long appendedBytes;

  @GuardedBy("lock")
  private final UnsyncedSegments unsynced;

  @GuardedBy("lock")
  private boolean closed;

  /** Told, under the lock, that a segment has been sealed. */
  private Runnable onSeal = () -> {};

  private volatile long syncedSequence;
  private final Events events;
  private final Brake brake;
  private final WriteFailure failure;

  Log(RecoveredLog recovered, LogParts parts) {
    this.segments = recovered.segments();
    this.source = parts.source();
    this.writer = parts.writer();
    this.sizes = parts.sizes();
    this.events = parts.events();
    this.brake = new Brake(events);
    this.failure = new WriteFailure(events);
    this.active = recovered.tail();
    this.sequence = recovered.sequence();
    this.activeSince = recovered.activeSince();
    this.markedSequence = recovered.markedSequence();
    this.syncedSequence = recovered.syncedSequence();
    this.unsynced = new UnsyncedSegments(recovered.unsynced());
    for (Segment segment : segments.list()) {
      capacityBytes += segment.capacity();
    }
  }

  /**
   * Starts the log's work in the background; to be called before the first append.
   *
   * @param publisher told of each change in mode SYNC once it is safe; in the other modes a change
   *     may be shown once it is appended
   * @param onSeal told each time that a segment has been sealed; returns at once, throws nothing
   */
  public void start(Publisher publisher, Runnable onSeal) {
    this.onSeal = onSeal;
    writer.start(this, publisher);
  }

  /** Waits while more is unsynced than may be; called before a write takes any lock. */
  public void awaitRoom() {
    brake.await();
    writer.awaitRoom();
  }

  /**
   * Appends a change. On return it has its sequence and location, and where no sync is waited for
   * its bytes are the operating system's; {@link LogRecord#done()} tells when it is safe.
   *
   * @throws KvStoreException if it can't be written; nothing has changed then
   */
  public void append(LogRecord record) {
    lock.lock();
    try {
      requireWritable();
      boolean put = !record.isTombstone();
      requireRoom(put);
      Segment segment = segmentFor(record.size(), 0, put);
      record.number(sequence + 1);
      write(segment, record);
      sequence++;
      prepareNext(segment);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Appends the changes of a batch, all or none: in one segment, without anything between them. Any
   * crash leaves all of them in the log, or nothing that counts.
   *
   * @param batch at least one record; nobody changes the list
   * @throws KvStoreException as {@link #append(LogRecord)} does
   */
  public void append(List<LogRecord> batch) {
    int last = batch.size() - 1;
    batch.subList(0, last).forEach(LogRecord::setMore);
    int size = LogRecord.size(batch);
    lock.lock();
    try {
      requireWritable();
      boolean put = batch.stream().anyMatch(record -> !record.isTombstone());
      requireRoom(put);
      Segment segment = segmentFor(size, size - batch.get(last).size(), put);
      long number = sequence;
      int at = segment.end();
      for (LogRecord record : batch) {
        record.number(++number);
        record.place(Location.of(segment.place(), at));
        at += record.size();
      }
      write(segment, batch);
      sequence = number;
      prepareNext(segment);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void prepareNext(Segment segment) {
    if (!nextAsked && segment.end() > segment.capacity() / 2) {
      nextAsked = true;
      int capacity = sizes.next(capacityBytes);
      if (sizes.allowsPuts(diskBytes() + capacity)) {
        source.prepare(capacity);
      }
    }
  }

  @GuardedBy("lock")
  private void requireWritable() {
    if (closed) {
      throw new ClosedStoreException("the store is closed");
    }
    failure.requireNone();
  }

  /**
   * Returns the active segment, with room for some bytes.
   *
   * @param lastStart where among these bytes the last record starts, which a location has to name
   */
  @GuardedBy("lock")
  private Segment segmentFor(int size, int lastStart, boolean put) {
    Segment segment = active;
    // With room for the last mark, which a clean close needs.
    int room = size + RecordFormat.CONTROL_BYTES;
    if (segment != null && segment.hasRoom(room) && Location.reaches(segment.end() + lastStart)) {
      return segment;
    }
    int capacity = sizes.next(capacityBytes, size);
    sizes.requireRoom(capacityBytes + Math.max(source.preparedBytes(), capacity), put);
    return rollTo(capacity);
  }

  @GuardedBy("lock")
  private void requireRoom(boolean put) {
    if (sizes.isLimited()) {
      sizes.requireRoom(diskBytes(), put);
    }
  }

  /** Returns the bytes of all segments, the prepared one included. */
  long diskBytes() {
    lock.lock();
    try {
      return capacityBytes + source.preparedBytes();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Segment rollTo(int capacity) {
    Segment segment = active;
    Segment next = source.take(capacity, segments);
    if (segment != null) {
      write(segment, LogRecord.seal(sequence));
      segment.seal();
      writer.sealed(segment);
      onSeal.run();
    }
    active = next;
    activeSince = sequence;
    if (writer.leavesUnsynced()) {
      unsynced.add(next);
    }
    capacityBytes += next.capacity();
    nextAsked = false;
    events.rolled(segment, next);
    return next;
  }

  @GuardedBy("lock")
  private void write(Segment segment, LogRecord record) {
    record.place(Location.of(segment.place(), segment.end()));
    try {
      writer.write(segment, record);
    } catch (InternalError e) {
      throw failedWrite(segment, e);
    }
    segment.advance(record);
    appendedBytes += record.size();
  }

  @GuardedBy("lock")
  private void write(Segment segment, List<LogRecord> batch) {
    try {
      writer.write(segment, batch);
    } catch (InternalError e) {
      throw failedWrite(segment, e);
    }
    batch.forEach(segment::advance);
    appendedBytes += LogRecord.size(batch);
  }

  /** Explains what the JVM throws where a mapped page can't be had: the disk under it failed. */
  private KvStoreException failedWrite(Segment segment, InternalError e) {
    return failure.note("can't write to " + segment.file() + " at offset " + segment.end(), e);
  }

  // ---- what the writers call

  WriteFailure failure() {
    return failure;
  }

  SyncPoint syncPoint() {
    lock.lock();
    try {
      return new SyncPoint(sequence, unsynced.parts());
    } finally {
      lock.unlock();
    }
  }

  void synced(SyncPoint point) {
    lock.lock();
    try {
      unsynced.synced(point.parts());
      committed(point.sequence());
    } finally {
      lock.unlock();
    }
  }

  /** Learns that all changes up to a sequence are safe, and leaves a mark of it in the log. */
  void committed(long upTo) {
    lock.lock();
    try {
      syncedSequence = upTo;
      Segment segment = active;
      // The last room for a mark is for one that covers all: no change comes behind it.
      int room = (upTo == sequence ? 1 : 2) * RecordFormat.CONTROL_BYTES;
      if (upTo > markedSequence && segment != null && segment.hasRoom(room)) {
        markedSequence = upTo;
        write(segment, LogRecord.mark(upTo));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Learns that chunks have reached their files. */
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

  // ---- what compaction and the readers of changes call

  /** Returns a reader of the changes from a sequence on. */
  public ChangeReader changesFrom(long sequence) {
    return new ChangeReader(this, sequence);
  }

  /** Does something short while nothing is appended. */
  <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Returns where the records of a segment end that can be read. */
  int readableEnd(Segment segment) {
    return locked(() -> writer.readableEnd(segment));
  }

  /**
   * Returns the last change that is in the indexes for sure once all stripes have settled: those
   * after it may still be waiting for their sync.
   */
  long shownSequence() {
    return writer.publishesLater() ? syncedSequence : sequence();
  }

  /** Tells whether a segment can be dropped: it is sealed and synced, and its file is closed. */
  @SuppressWarnings("GuardedBy") // called by what locked() runs
  boolean isDone(Segment segment) {
    return segment.sealed() && segment.channel() == null && !unsynced.contains(segment);
  }

  /** Returns what slows writers down that are ahead of compaction. */
  Brake brake() {
    return brake;
  }

  /** Returns the segment that is appended to and the last change before it, or null. */
  @Nullable ActiveSegment active() {
    lock.lock();
    try {
      Segment segment = active;
      return segment == null ? null : new ActiveSegment(segment, activeSince);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Goes on in a new segment if that makes the disk smaller once the one so far is compacted, and
   * gives back a prepared one that is too large.
   *
   * @param thorough whether also to do it for what is garbage in it
   */
  void rollIfWorthwhile(boolean thorough) {
    lock.lock();
    try {
      Segment segment = active;
      int capacity = sizes.next(segments.totals().liveBytes());
      source.discardAbove(MUCH * capacity);
      if (segment == null || closed || failure.get() != null) {
        return;
      }
      long garbage = segment.staleBytes() + segment.tombstoneBytes();
      long gain = segment.capacity() - segment.liveBytes() - capacity;
      boolean wasteful = gain > segment.capacity() / 2 || (thorough && garbage > 0);
      if (wasteful && sizes.allowsDeletes(diskBytes() + capacity)) {
        rollTo(capacity);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Counts bytes that compaction takes on the disk, or gives back. */
  void addDiskBytes(long change) {
    lock.lock();
    try {
      capacityBytes += change;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the store may fill up before the disk does. */
  public boolean isLimited() {
    return sizes.isLimited();
  }

  SegmentSizes sizes() {
    return sizes;
  }

  long syncedSequence() {
    return syncedSequence;
  }

  // ---- the rest

  /** Completes once all that has been appended so far would survive a power cut. */
  public CompletableFuture<Void> sync() {
    return writer.sync();
  }

  /** Returns the segments, for reading. */
  public Segments segments() {
    return segments;
  }

  /** Returns the sequence of the last change, 0 if there is none. */
  public long sequence() {
    lock.lock();
    try {
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the bytes that have been appended since the log was opened. */
  public long appendedBytes() {
    lock.lock();
    try {
      return appendedBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the counters. */
  public LogStats stats() {
    lock.lock();
    try {
      Segments.Totals totals = segments.totals();
      return new LogStats(
          totals.liveBytes(),
          totals.staleBytes(),
          totals.tombstoneBytes(),
          totals.writtenBytes(),
          diskBytes(),
          totals.segments(),
          sequence,
          syncedSequence,
          writer.syncs(),
          appendedBytes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Syncs what is left, and ends the log's threads. To be called once, on a thread of the store.
   *
   * @throws KvStoreException if the last sync failed; everything is closed all the same
   */
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    try {
      writer.close();
    } finally {
      try {
        source.close();
      } finally {
        segments.closeChannels();
      }
    }
    KvStoreException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }
}
