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
 * One append-only file of records, active and then sealed, mapped for as long as anybody holds it;
 * or, for a store in memory, one buffer.
 *
 * <p>Bytes that a reader can reach are never written again as long as the segment is in the store,
 * so readers need no lock: they reach only what was published to them with a location. Whether it
 * still is in the store they ask after they have read ({@link SegmentUse}). What appends is guarded
 * by the lock of the {@link Log}.
 */
public final class Segment extends RecordBuffer {
  public static final int HEADER_BYTES = 32;

  private final SegmentHeader header;
  private final @Nullable Mapping mapping;
  private int fileBytes;
  private final ByteBuffer writable;

  /** Whether a record in here has turned out to be damaged. */
  private volatile boolean damaged;

  /** Where locations find it; set before any names it. */
  private int place;

  private volatile @Nullable FileChannel channel;
  private int end = HEADER_BYTES;
  private int syncedEnd = HEADER_BYTES;
  private int writtenEnd = HEADER_BYTES;
  private boolean sealed;
  private final SegmentTotals totals = new SegmentTotals();
  private final StaleRecords stale;

  /**
   * @param channel open for writing if records go through it and not through the buffer
   */
  public Segment(
      SegmentHeader header, @Nullable Path file, ByteBuffer buffer, @Nullable FileChannel channel) {
    this(header, file, buffer, null, channel);
  }

  /**
   * Of a file.
   *
   * @param channel as above
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

  // ---- what appends, and what recovers

  /** Returns the buffer with a position and limit for the appender to use. */
  public ByteBuffer writable() {
    return writable;
  }

  public boolean hasRoom(int size) {
    return size <= header.capacity() - RecordFormat.CONTROL_BYTES - end;
  }

  /** Counts a record that has been written at the end. */
  public void advance(LogRecord record) {
    int at = end;
    end += record.size();
    totals.add(record, at);
  }

  /** Takes over what compaction has written; nothing more comes in. */
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

  /** Takes over what was found, and what was counted while this or another mapping was read. */
  public void recovered(SegmentScan scan, Segment counted) {
    checked = counted.checked;
    stale.take(counted.stale);
    take(scan);
  }

  /** Takes over what an earlier process knew; its records have not been looked at since. */
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
   * Returns where the last record starts that the next sync makes safe, 0 if there is none: a mark
   * may have to wait for the one after.
   */
  public int anchorAt() {
    return totals.anchorAt();
  }

  /** Returns the tag of who wrote the last mark in here; 0 if nothing says so. */
  public int writer() {
    return totals.writer();
  }

  public void seal() {
    sealed = true;
  }

  public void synced(int end) {
    syncedEnd = end;
  }

  /** Notes how far records have reached the file, where they do not at once. */
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

  // ---- stale records, and damage

  /** Counts a record as stale, which it stays; only puts were ever counted as live. */
  public void addStale(int at) {
    if (!checked && !isPlausible(at)) {
      addStaleDamage();
    } else if (RecordFormat.type(buffer, at) == RecordFormat.PUT) {
      stale.add(at, RecordFormat.size(buffer, at));
    }
  }

  /** Counts a damaged record as stale, as the shortest there is: its length is unknown. */
  void addStaleDamage() {
    stale.add(RecordFormat.CONTROL_BYTES);
  }

  /** Notes that a record in here is damaged, so that each one is checked before use from now on. */
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

  // ---- what it is

  public SegmentHeader header() {
    return header;
  }

  public long id() {
    return header.id();
  }

  public int capacity() {
    return header.capacity();
  }

  /** Returns how many bytes the file takes. */
  public int diskBytes() {
    return Math.max(fileBytes, capacity());
  }

  /** Notes how long the file is, where that may be more than what is mapped. */
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
   * Returns the first deadline of a put in here, live or stale; the largest long if none has one.
   */
  public long soonestDeadline() {
    return totals.soonestDeadline();
  }

  /** Notes the first deadline of a put that is still ahead. */
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

  /** Returns a lower bound of the sequences of changes that may hide a put in here. */
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
