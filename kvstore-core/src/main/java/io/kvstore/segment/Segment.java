package io.kvstore.segment;

import io.kvstore.log.Log;
import io.kvstore.platform.Mapping;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A segment: an append-only file of records, active and then sealed, memory-mapped while it is in
 * use; in a store in memory, a buffer.
 *
 * <p>Bytes that a reader can reach are never overwritten while the segment is in the store, so
 * readers need no lock: they reach only bytes that were published with a location. After a read
 * they check that the segment still is in the store ({@link SegmentUse}). The append side is
 * guarded by the lock of the {@link Log}.
 */
public final class Segment extends RecordBuffer {
  public static final int HEADER_BYTES = 32;

  private final SegmentHeader header;
  private final @Nullable Mapping mapping;
  private int fileBytes;
  private final ByteBuffer writable;

  /** Whether a damaged record was found in this segment. */
  private volatile boolean damaged;

  /** The slot in the segment table; set before any location refers to it. */
  private int place;

  private volatile @Nullable FileChannel channel;
  private int end = HEADER_BYTES;
  private int syncedEnd = HEADER_BYTES;
  private int writtenEnd = HEADER_BYTES;
  private boolean sealed;
  private final SegmentTotals totals = new SegmentTotals();
  private final StaleRecords stale;

  /**
   * @param channel open for writing if records are written through it and not through the buffer
   */
  public Segment(
      SegmentHeader header, @Nullable Path file, ByteBuffer buffer, @Nullable FileChannel channel) {
    this(header, file, buffer, null, channel);
  }

  /**
   * Creates the segment of a file.
   *
   * @param channel open for writing if records are written through it and not through the mapping
   */
  public Segment(SegmentHeader header, Path file, Mapping mapping, @Nullable FileChannel channel) {
    this(header, file, mapping.buffer(), mapping, channel);
  }

  private Segment(
      SegmentHeader header,
      @Nullable Path file,
      ByteBuffer buffer,
      @Nullable Mapping mapping,
      @Nullable FileChannel channel) {
    super(header.secret(), file, buffer);
    this.header = header;
    this.mapping = mapping;
    this.fileBytes = mapping == null ? 0 : mapping.bytes();
    this.writable = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.channel = channel;
    this.stale = new StaleRecords(header.capacity());
  }

  // ---- appending and recovery

  /** Returns the buffer for the appender, which may move its position and limit. */
  public ByteBuffer writable() {
    return writable;
  }

  public boolean hasRoom(int size) {
    return size <= header.capacity() - RecordFormat.CONTROL_BYTES - end;
  }

  /** Counts a record that was appended. */
  public void advance(LogRecord record) {
    int at = end;
    end += record.size();
    totals.add(record, at);
  }

  /** Sets the totals of a segment written by compaction; nothing is appended afterwards. */
  public void written(SegmentScan scan) {
    take(scan);
    syncedEnd = end;
  }

  private void take(SegmentScan scan) {
    end = scan.end();
    writtenEnd = end;
    sealed = scan.sealed();
    totals.take(scan);
  }

  /**
   * Sets the totals found by a scan, and the stale bytes counted while this or another mapping was
   * read.
   */
  public void recovered(SegmentScan scan, Segment counted) {
    checked = counted.checked;
    stale.take(counted.stale);
    take(scan);
  }

  /** Sets the totals kept by an earlier process; the records have not been verified since. */
  public void restored(SegmentState state) {
    checked = false;
    stale.restore(state.staleBytes());
  }

  public SegmentState state() {
    SegmentScan scan = totals.asScan(buffer, end, sealed);
    return new SegmentState(place, header, scan, stale.bytes());
  }

  /** Returns the fingerprint of the last record, which has reached the file. */
  public RecordFingerprint last() {
    return totals.last(buffer);
  }

  /**
   * Returns the offset of the last record that the next sync covers, 0 if there is none: a sync
   * marker may be covered only by the sync after that.
   */
  public int anchorAt() {
    return totals.anchorAt();
  }

  /** Returns the tag of the writer of the last sync marker in this segment; 0 if not known. */
  public int writer() {
    return totals.writer();
  }

  public void seal() {
    sealed = true;
  }

  public void synced(int end) {
    syncedEnd = end;
  }

  /** Sets the end of the records that have reached the file, if they are written with a delay. */
  public void written(int end) {
    writtenEnd = end;
  }

  public int writtenEnd() {
    return writtenEnd;
  }

  void openChannel(FileChannel channel) {
    this.channel = channel;
  }

  public void closeChannel() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  // ---- stale records and damage

  /** Counts a record as stale, permanently; only puts were ever counted as live. */
  public void addStale(int at) {
    if (!checked && !isPlausible(at)) {
      addStaleDamage();
    } else if (RecordFormat.type(buffer, at) == RecordFormat.PUT) {
      stale.add(at, RecordFormat.size(buffer, at));
    }
  }

  /** Counts a damaged record as stale, with the minimum size, since its length is unknown. */
  void addStaleDamage() {
    stale.add(RecordFormat.CONTROL_BYTES);
  }

  /** Marks the segment as damaged, so that each record is verified before use from now on. */
  public void becomeDamaged() {
    damaged = true;
    checked = false;
  }

  public boolean isDamaged() {
    return damaged;
  }

  /** Returns the count of stale records. */
  public StaleRecords stale() {
    return stale;
  }

  // ---- properties

  public SegmentHeader header() {
    return header;
  }

  public long id() {
    return header.id();
  }

  public int capacity() {
    return header.capacity();
  }

  /** Returns the size of the file, in bytes. */
  public int diskBytes() {
    return Math.max(fileBytes, capacity());
  }

  /** Sets the size of the file, which may exceed the mapped part. */
  public void fileOf(long bytes) {
    fileBytes = (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  public @Nullable MappedByteBuffer mapped() {
    return buffer instanceof MappedByteBuffer mapped && file() != null ? mapped : null;
  }

  public @Nullable Mapping mapping() {
    return mapping;
  }

  public @Nullable FileChannel channel() {
    return channel;
  }

  public int mappedBytes() {
    return buffer.capacity();
  }

  public int end() {
    return end;
  }

  public int syncedEnd() {
    return syncedEnd;
  }

  public boolean sealed() {
    return sealed;
  }

  public long lastSequence() {
    return totals.lastSequence();
  }

  /**
   * Returns the earliest deadline of a put in this segment, live or stale; the largest long if none
   * has one.
   */
  public long soonestDeadline() {
    return totals.soonestDeadline();
  }

  /** Sets the earliest deadline that has not passed yet, after a sweep. */
  public void sweptUntil(long soonestDeadline) {
    totals.sweptUntil(soonestDeadline);
  }

  public int place() {
    return place;
  }

  public void placeAt(int place) {
    this.place = place;
  }

  public boolean isCompacted() {
    return header.isCompacted();
  }

  /**
   * Returns the pin: a lower bound of the sequences of changes that may hide a put in this segment.
   */
  public long pin() {
    return totals.pin();
  }

  public long liveBytes() {
    return totals.putBytes() - stale.bytes();
  }

  public long staleBytes() {
    return stale.bytes();
  }

  public long tombstoneBytes() {
    return totals.tombstoneBytes();
  }
}
