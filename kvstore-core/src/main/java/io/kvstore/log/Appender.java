package io.kvstore.log;

import io.kvstore.KvStoreException;
import io.kvstore.StoreListener;
import io.kvstore.files.SegmentSizes;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.WriteFailure;
import io.kvstore.record.Location;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The append side of the log: assigns sequences, has records written behind the last one, and rolls
 * to the next segment. Guarded by the lock of the {@link Log}.
 *
 * <p>Steps that may fail come first. A record that the writer could not write has changed nothing;
 * one that it has written is counted at once, by assignments. Should an Error of the JVM still
 * occur in between, a stack overflow for example, nothing more is appended: the next record would
 * overwrite this one.
 */
public final class Appender {
  /** The size of a put, in bytes, that most puts stay below. */
  private static final int USUAL_BYTES = 64 << 10;

  private final SegmentTable segments;
  private final SegmentSource source;
  private final LogWriter writer;
  private final SegmentSizes sizes;
  private final EventDispatcher events;
  private final WriteFailure failure;
  private final UnsyncedSegments unsynced;
  private final WriterTags tags;

  /** The callback for a sealed segment. */
  private @Nullable Runnable onSeal;

  private @Nullable Segment active;

  /** The sequence of the last change before the active segment. */
  private long activeSince;

  private boolean nextAsked;
  private long sequence;
  private long capacityBytes;
  private long appendedBytes;

  /** Created in advance, for the case that there is no memory to create it. */
  private final Error interrupted = new Error("an append was interrupted");

  /** Whether a record is written and not yet counted. */
  private boolean changing;

  Appender(RecoveredLog recovered, LogParts parts) {
    this.segments = recovered.segments();
    this.source = parts.source();
    this.writer = parts.writer();
    this.sizes = parts.sizes();
    this.events = parts.events();
    this.failure = parts.failure();
    this.tags = parts.tags();
    this.active = recovered.tail();
    this.sequence = recovered.sequence();
    this.activeSince = recovered.activeSince();
    this.unsynced = new UnsyncedSegments(recovered.unsynced());
    int largest = 0;
    for (Segment segment : segments.list()) {
      capacityBytes += segment.diskBytes();
      largest = Math.max(largest, segment.capacity());
    }
    sizes.startWith(capacityBytes, largest);
  }

  void onSeal(Runnable action) {
    onSeal = action;
  }

  /** Requires that appending is still possible. */
  void requireWritable() {
    noteInterrupted();
    failure.requireNone();
  }

  /**
   * Notes a failure if an Error has ended a change of the log between two steps: the change may be
   * in the log, so no decision may build on what the indexes say.
   */
  void noteInterrupted() {
    if (changing) {
      failure.noteUnexpected(interrupted);
    }
  }

  void append(LogRecord record) {
    requireEnd(record);
    boolean put = !record.isTombstone();
    requireRoom(put);
    Segment segment = segmentFor(record.size(), 0, put);
    prepareNext(segment, record.size());
    record.number(sequence + 1);
    write(segment, record, sequence + 1);
  }

  void append(List<LogRecord> batch) {
    requireEnd(batch.get(batch.size() - 1));
    int size = LogRecord.size(batch);
    boolean put = LogRecord.hasPut(batch);
    requireRoom(put);
    int lastStart = size - batch.get(batch.size() - 1).size();
    Segment segment = segmentFor(size, lastStart, put);
    prepareNext(segment, size);
    long number = sequence;
    int at = segment.end();
    for (LogRecord record : batch) {
      record.number(++number);
      record.place(Location.of(segment.place(), at));
      at += record.size();
    }
    write(segment, batch, number);
  }

  /**
   * Requires that the last record of an append ends its batch, since the next record does not
   * belong to it.
   */
  private static void requireEnd(LogRecord last) {
    if (last.hasMore()) {
      throw new IllegalStateException("the last record of a batch says that more of it follows");
    }
  }

  /** Appends a sync marker, if the active segment has room for it, and returns whether it has. */
  boolean mark(long upTo) {
    Segment segment = active;
    // The last room for a sync marker is reserved for one that covers all changes: none follows it.
    int room = (upTo == sequence ? 1 : 2) * RecordFormat.CONTROL_BYTES;
    if (segment == null || changing || !segment.hasRoom(room)) {
      return false;
    }
    write(segment, LogRecord.mark(upTo, tags.own()), sequence);
    return true;
  }

  /** Requests the next segment before it is needed. */
  private void prepareNext(Segment segment, int size) {
    if (!nextAsked && segment.end() + size > segment.capacity() / 2) {
      int capacity = sizes.next(capacityBytes);
      if (sizes.allowsPuts(diskBytes() + capacity)) {
        source.prepare(capacity);
      }
      nextAsked = true;
    }
  }

  /**
   * Returns the active segment with room for a number of bytes; rolls to the next one if necessary.
   *
   * @param lastStart the offset of the last record among these bytes, which a location must be able
   *     to address
   */
  private Segment segmentFor(int size, int lastStart, boolean put) {
    Segment segment = active;
    // With room for the last sync marker, which a clean close needs.
    int room = size + RecordFormat.CONTROL_BYTES;
    if (segment != null && segment.hasRoom(room) && Location.reaches(segment.end() + lastStart)) {
      return segment;
    }
    int capacity = sizes.next(capacityBytes, size);
    sizes.requireRoom(capacityBytes + Math.max(source.preparedBytes(), capacity), put);
    return rollTo(capacity, put);
  }

  /** Returns whether the limit of the store allows puts, also if they need a new segment. */
  boolean allowsPuts() {
    return sizes.allowsPuts(diskBytes())
        && sizes.allowsPuts(capacityBytes + Math.max(source.preparedBytes(), nextCapacity()));
  }

  /** Returns the capacity of the segment that a put of usual size needs; 0 if it needs none. */
  int nextCapacity() {
    Segment segment = active;
    return segment != null && segment.hasRoom(USUAL_BYTES) ? 0 : sizes.next(capacityBytes);
  }

  private void requireRoom(boolean put) {
    if (sizes.isLimited()) {
      sizes.requireRoom(diskBytes(), put);
    }
  }

  /**
   * Rolls to a new segment.
   *
   * @throws KvStoreException if there can be none; the active segment stays the same then
   */
  Segment rollTo(int capacity, boolean put) {
    segments.requirePlace(put);
    Segment sealed = active;
    Segment next = source.next(capacity, segments);
    unsynced.reserve();
    if (sealed != null) {
      LogRecord seal = LogRecord.seal(sequence, next.secret());
      prepare(sealed, seal);
      sealed.advance(seal);
      appendedBytes += seal.size();
      // Still marked as changing: nothing may follow a seal.
      sealed.seal();
    }
    source.taken();
    segments.publish(next);
    if (writer.leavesUnsynced()) {
      unsynced.add(next);
    }
    active = next;
    activeSince = sequence;
    capacityBytes += next.capacity();
    nextAsked = false;
    changing = false;
    if (sealed != null) {
      writer.sealed(sealed);
      if (onSeal != null) {
        onSeal.run();
      }
    }
    if (events.hasListener()) {
      publishRolled(sealed, next);
    }
    return next;
  }

  private void write(Segment segment, LogRecord record, long lastSequence) {
    prepare(segment, record);
    try {
      segment.advance(record);
      appendedBytes += record.size();
    } catch (Throwable e) {
      noteInterrupted();
      throw e;
    }
    sequence = lastSequence;
    changing = false;
  }

  private void prepare(Segment segment, LogRecord record) {
    record.place(Location.of(segment.place(), segment.end()));
    changing = true;
    try {
      writer.write(segment, record);
    } catch (InternalError e) {
      throw failedWrite(segment, e);
    } catch (Throwable e) {
      changing = false;
      throw e;
    }
  }

  private void write(Segment segment, List<LogRecord> batch, long lastSequence) {
    int size = LogRecord.size(batch);
    changing = true;
    try {
      writer.write(segment, batch);
    } catch (InternalError e) {
      throw failedWrite(segment, e);
    } catch (Throwable e) {
      changing = false;
      throw e;
    }
    try {
      for (int i = 0; i < batch.size(); i++) {
        segment.advance(batch.get(i));
      }
    } catch (Throwable e) {
      noteInterrupted();
      throw e;
    }
    appendedBytes += size;
    sequence = lastSequence;
    changing = false;
  }

  private void publishRolled(@Nullable Segment sealed, Segment created) {
    if (sealed != null) {
      long sealedId = sealed.id();
      long bytes = sealed.end();
      events.publish(
          new Consumer<>() {
            @Override
            public void accept(StoreListener listener) {
              listener.onSegmentSealed(sealedId, bytes);
            }
          });
    }
    long id = created.id();
    long capacity = created.capacity();
    events.publish(
        new Consumer<>() {
          @Override
          public void accept(StoreListener listener) {
            listener.onSegmentCreated(id, capacity);
          }
        });
  }

  /**
   * Returns the failure for the error that the JVM throws if a mapped page is not available because
   * the disk failed.
   */
  private KvStoreException failedWrite(Segment segment, InternalError e) {
    return failure.note("can't write to ", segment.file() == null ? "memory" : segment.file(), e);
  }

  // ---- properties

  @Nullable Segment active() {
    return active;
  }

  long activeSince() {
    return activeSince;
  }

  long sequence() {
    return sequence;
  }

  long appendedBytes() {
    return appendedBytes;
  }

  /** Returns the size of all segments, including the prepared one, in bytes. */
  long diskBytes() {
    return capacityBytes + source.preparedBytes();
  }

  void addDiskBytes(long change) {
    capacityBytes += change;
    sizes.shrunkTo(capacityBytes);
  }

  UnsyncedSegments unsynced() {
    return unsynced;
  }
}
