package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
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

  private final Segments segments;
  private final SegmentSource source;
  private final LogWriter writer;
  private final SegmentSizes sizes;
  private final ReentrantLock lock = new ShortLock();

  @GuardedBy("lock")
  private @Nullable Segment active;

  @GuardedBy("lock")
  private int activePlace;

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
  private final List<Segment> unsynced;

  @GuardedBy("lock")
  private boolean closed;

  private volatile long syncedSequence;
  private volatile @Nullable KvStoreException failure;

  Log(RecoveredLog recovered, SegmentSource source, LogWriter writer, int maxSegmentBytes) {
    this.segments = recovered.segments();
    this.source = source;
    this.writer = writer;
    this.sizes = new SegmentSizes(maxSegmentBytes);
    this.active = recovered.tail();
    this.activePlace = segments.count() - 1;
    this.sequence = recovered.sequence();
    this.markedSequence = recovered.markedSequence();
    this.syncedSequence = recovered.syncedSequence();
    this.unsynced = new ArrayList<>(recovered.unsynced());
    for (Segment segment : segments.list()) {
      capacityBytes += segment.capacity();
    }
  }

  /**
   * Starts the log's work in the background; to be called before the first append.
   *
   * @param publisher told of each change in mode SYNC once it is safe; in the other modes a change
   *     may be shown once it is appended
   */
  public void start(Publisher publisher) {
    writer.start(this, publisher);
  }

  /** Waits while more is unsynced than may be; called before a write takes any lock. */
  public void awaitRoom() {
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
      Segment segment = segmentFor(record.size(), 0);
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
      Segment segment = segmentFor(size, size - batch.get(last).size());
      long number = sequence;
      int at = segment.end();
      for (LogRecord record : batch) {
        record.number(++number);
        record.place(Location.of(activePlace, at));
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
      source.prepare(sizes.next(capacityBytes));
    }
  }

  @GuardedBy("lock")
  private void requireWritable() {
    if (closed) {
      throw new ClosedStoreException("the store is closed");
    }
    KvStoreException failed = failure;
    if (failed != null) {
      throw new KvStoreException(
          "the store takes no more writes until it is opened anew: " + failed.getMessage(), failed);
    }
  }

  /**
   * Returns the active segment, with room for some bytes.
   *
   * @param lastStart where among these bytes the last record starts, which a location has to name
   */
  @GuardedBy("lock")
  private Segment segmentFor(int size, int lastStart) {
    Segment segment = active;
    // With room for the last mark, which a clean close needs.
    int room = size + RecordFormat.CONTROL_BYTES;
    if (segment != null && segment.hasRoom(room) && Location.reaches(segment.end() + lastStart)) {
      return segment;
    }
    Segment next = source.take(sizes.next(capacityBytes, size));
    int place = segments.add(next);
    if (segment != null) {
      write(segment, LogRecord.seal(sequence));
      segment.seal();
      writer.sealed(segment);
    }
    activePlace = place;
    active = next;
    if (writer.leavesUnsynced()) {
      unsynced.add(next);
    }
    capacityBytes += next.capacity();
    nextAsked = false;
    return next;
  }

  @GuardedBy("lock")
  private void write(Segment segment, LogRecord record) {
    record.place(Location.of(activePlace, segment.end()));
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
  }

  /** Explains what the JVM throws where a mapped page can't be had: the disk under it failed. */
  private KvStoreException failedWrite(Segment segment, InternalError e) {
    return fail("can't write to " + segment.file() + " at offset " + segment.end(), e);
  }

  // ---- what the writers call

  /** Notes a failure after which nothing more is written, and returns what is to be thrown. */
  KvStoreException fail(String what, Throwable cause) {
    KvStoreException first = failure;
    if (first != null) {
      return first;
    }
    KvStoreException failed = new KvStoreException(what + ": " + cause.getMessage(), cause);
    failure = failed;
    return failed;
  }

  @Nullable KvStoreException failure() {
    return failure;
  }

  SyncPoint syncPoint() {
    lock.lock();
    try {
      List<SyncPoint.Part> parts = new ArrayList<>();
      for (Segment segment : unsynced) {
        if (segment.end() > segment.syncedEnd()) {
          parts.add(new SyncPoint.Part(segment, segment.syncedEnd(), segment.end()));
        }
      }
      return new SyncPoint(sequence, parts);
    } finally {
      lock.unlock();
    }
  }

  void synced(SyncPoint point) {
    lock.lock();
    try {
      for (SyncPoint.Part part : point.parts()) {
        part.segment().synced(part.to());
      }
      unsynced.removeIf(s -> s.sealed() && s.syncedEnd() == s.end());
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

  // ---- what the readers of changes call

  /** Returns a reader of the changes from a sequence on. */
  public ChangeReader changesFrom(long sequence) {
    return new ChangeReader(this, sequence);
  }

  /** Returns where the records of a segment end that can be read. */
  int readableEnd(Segment segment) {
    lock.lock();
    try {
      return writer.readableEnd(segment);
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether a segment has no record from an offset on and will have none. */
  boolean isAtEnd(Segment segment, int at) {
    lock.lock();
    try {
      return segment.sealed() && at >= segment.end();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the first segment that may have a change or later ones; null if there is none. */
  @Nullable Segment segmentWith(long change) {
    lock.lock();
    try {
      for (Segment segment : segments.list()) {
        if (!segment.sealed() || segment.lastSequence() >= change) {
          return segment;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  @Nullable Segment segmentAfter(Segment segment) {
    return segments.after(segment);
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

  /**
   * Returns the part of the log that lies in segments which will not change any more; to be called
   * while no change is under way.
   *
   * @param shown the last change that the indexes show
   */
  public LogPosition sealedPosition(long shown) {
    lock.lock();
    try {
      List<LogPosition.SegmentState> states = new ArrayList<>();
      for (Segment segment : segments.list()) {
        if (segment.sealed() && segment.lastSequence() <= shown) {
          states.add(segment.state());
        }
      }
      return new LogPosition(shown, states);
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

  /** Returns how far the log has come; to be called after {@link #close()}. */
  public LogPosition position() {
    lock.lock();
    try {
      return new LogPosition(sequence, segments.list().stream().map(Segment::state).toList());
    } finally {
      lock.unlock();
    }
  }

  /** Returns the counters. */
  public LogStats stats() {
    lock.lock();
    try {
      long live = 0;
      long written = 0;
      for (Segment segment : segments.list()) {
        live += segment.liveBytes();
        written += segment.end();
      }
      return new LogStats(
          live,
          written,
          capacityBytes + source.preparedBytes(),
          segments.count(),
          sequence,
          syncedSequence,
          writer.syncs());
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
        closeFiles();
      }
    }
    KvStoreException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }

  private void closeFiles() {
    for (Segment segment : segments.list()) {
      try {
        segment.closeChannel();
      } catch (IOException e) {
        throw new KvStoreException("can't close " + segment.file() + ": " + e.getMessage(), e);
      }
    }
  }
}
