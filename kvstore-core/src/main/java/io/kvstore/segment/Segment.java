package io.kvstore.segment;

import io.kvstore.CorruptStoreException;
import io.kvstore.log.Log;
import io.kvstore.platform.Mapping;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
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
public final class Segment {
  public static final int HEADER_BYTES = 32;

  private static final int CACHE_LINE_BYTES = 64;

  private final SegmentHeader header;
  private final @Nullable Path file;
  private final @Nullable Mapping mapping;
  private int fileBytes;
  private final ByteBuffer buffer;
  private final ByteBuffer readOnly;
  private final ByteBuffer writable;
  private final AtomicLong staleBytes = new AtomicLong();
  private final SegmentUse use = new SegmentUse();

  /** Null as long as no record has become stale since it was known which are. */
  private volatile @Nullable StaleBits staleBits;

  /** Whether the records are known to be what was written: by this process, or by a scan. */
  private boolean checked = true;

  /** How many bytes were stale when damage was last found that has to stay; -1 if none was. */
  private volatile long staleAtDamage = -1;

  /** Whether a record in here has turned out to be damaged. */
  private volatile boolean damaged;

  /** Where locations find it; set before any names it. */
  private int place;

  private volatile @Nullable FileChannel channel;
  private int end = HEADER_BYTES;
  private int syncedEnd = HEADER_BYTES;
  private int writtenEnd = HEADER_BYTES;
  private boolean sealed;
  private final SegmentTotals tally = new SegmentTotals();

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
    this.header = header;
    this.mapping = mapping;
    this.fileBytes = mapping == null ? 0 : mapping.bytes();
    this.file = file;
    this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
    this.readOnly = buffer.asReadOnlyBuffer();
    this.writable = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.channel = channel;
  }

  // ---- what readers use

  /**
   * Checks a record, unless a scan has made sure of it.
   *
   * @throws CorruptStoreException if it is not what was written
   */
  void check(int at) {
    if (!isWhole(at)) {
      throw damage(at);
    }
  }

  public CorruptStoreException damage(int at) {
    return new CorruptStoreException(
        Objects.requireNonNull(file), at, "the record is not what was written");
  }

  /** Tells whether a record is what was written, by a scan, by this process or by a look at it. */
  boolean isWhole(int at) {
    return checked || isWrittenAt(at);
  }

  /** Tells whether the bytes from here on are a record as it was written. */
  public boolean isWrittenAt(int at) {
    if (!isPlausible(at)) {
      return false;
    }
    CRC32C crc = new CRC32C();
    int from = at + RecordFormat.CHECKED_FROM;
    crc.update(buffer.slice(from, at + RecordFormat.size(buffer, at) - from));
    return (int) crc.getValue() == (RecordFormat.checksum(buffer, at) ^ secret());
  }

  /** Tells whether the bytes from here on may be a record, none of which lies outside. */
  boolean isPlausible(int at) {
    return at <= buffer.capacity() - RecordFormat.HEADER_BYTES
        && RecordFormat.isPlausible(buffer, at, (long) buffer.capacity() - at);
  }

  /** Tells the same of a record that is damaged, as far as its header may be believed. */
  boolean mayHold(int at, byte[] key) {
    return isPlausible(at) && holds(at, key);
  }

  boolean holds(int at, byte[] key) {
    return StoredKey.is(buffer, at, key);
  }

  boolean holds(int at, Segment other, int otherAt) {
    return StoredKey.isSame(buffer, at, other.buffer, otherAt);
  }

  /**
   * Asks for the cache lines behind a record's first one. Where the value lies is known only once
   * the header has arrived; these loads wait for nothing, so they run beside that of the header.
   *
   * @return what was there; to be used, or the compiler leaves the loads out
   */
  long fetch(int at) {
    int last = buffer.capacity() - Long.BYTES;
    return buffer.getLong(Math.min(at + CACHE_LINE_BYTES, last))
        ^ buffer.getLong(Math.min(at + 2 * CACHE_LINE_BYTES, last));
  }

  public byte[] key(int at) {
    byte[] key = new byte[RecordFormat.keyLength(buffer, at)];
    buffer.get(RecordFormat.keyAt(at), key);
    return key;
  }

  public byte[] value(int at) {
    int length = valueLength(at);
    use.require(); // or there may be no memory for what is no length
    byte[] value = new byte[length];
    buffer.get(valueAt(at), value);
    return value;
  }

  int valueLength(int at) {
    return RecordFormat.valueLength(buffer, at);
  }

  ByteBuffer valueView(int at) {
    return readOnly.slice(valueAt(at), RecordFormat.valueLength(buffer, at));
  }

  @Nullable String label(int at) {
    if (!RecordFormat.hasLabel(buffer, at)) {
      return null;
    }
    byte[] label = new byte[RecordFormat.labelLength(buffer, at)];
    buffer.get(valueAt(at) + RecordFormat.valueLength(buffer, at), label);
    return new String(label, StandardCharsets.UTF_8);
  }

  public byte type(int at) {
    return RecordFormat.type(buffer, at);
  }

  int size(int at) {
    return RecordFormat.size(buffer, at);
  }

  public long sequence(int at) {
    return RecordFormat.sequence(buffer, at);
  }

  boolean hasDeadline(int at) {
    return RecordFormat.hasDeadline(buffer, at);
  }

  public long deadline(int at) {
    return hasDeadline(at)
        ? buffer.getLong(at + RecordFormat.deadlineOffset(buffer, at))
        : RecordFormat.NO_DEADLINE;
  }

  private int valueAt(int at) {
    return RecordFormat.keyAt(at) + RecordFormat.keyLength(buffer, at);
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
    tally.add(record, at);
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
    tally.take(scan);
  }

  /** Returns the buffer; only to be read. */
  public ByteBuffer content() {
    return buffer;
  }

  /** Takes over what was found, and what was counted while this or another mapping was read. */
  public void recovered(SegmentScan scan, Segment counted) {
    checked = counted.checked;
    staleBytes.set(counted.staleBytes.get());
    staleBits = counted.staleBits;
    take(scan);
  }

  /** Takes over what an earlier process knew; its records have not been looked at since. */
  public void restored(SegmentState state) {
    checked = false;
    staleBytes.set(state.staleBytes());
  }

  public SegmentState state() {
    SegmentScan scan = tally.asScan(buffer, end, sealed);
    return new SegmentState(place, header, scan, staleBytes.get());
  }

  /** Returns the fingerprint of the last record, which has reached the file. */
  public RecordFingerprint last() {
    return tally.last(buffer);
  }

  /**
   * Returns where the last record starts that the next sync makes safe, 0 if there is none: a mark
   * may have to wait for the one after.
   */
  public int anchorAt() {
    return tally.anchorAt();
  }

  /** Returns the tag of who wrote the last mark in here; 0 if nothing says so. */
  public int writer() {
    return tally.writer();
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

  /** Counts a record as stale, which it stays; only puts were ever counted as live. */
  public void addStale(int at) {
    if (!checked && !isPlausible(at)) {
      addStaleDamage();
    } else if (RecordFormat.type(buffer, at) == RecordFormat.PUT) {
      int size = RecordFormat.size(buffer, at);
      staleBytes.getAndAdd(size);
      StaleBits bits = staleBits == null ? startStaleBits(size) : staleBits;
      if (bits != null) {
        bits.set(at);
      }
    }
  }

  /** Counts a damaged record as stale: how long it was nothing tells, so as the shortest. */
  void addStaleDamage() {
    staleBytes.getAndAdd(RecordFormat.CONTROL_BYTES);
  }

  /** Without memory there are none, and the index is asked instead. */
  private synchronized @Nullable StaleBits startStaleBits(int recordBytes) {
    if (staleBits == null) {
      try {
        staleBits = new StaleBits(header.capacity(), recordBytes);
      } catch (OutOfMemoryError e) {
        return null;
      }
    }
    return staleBits;
  }

  /**
   * Tells whether a put is known to be stale; see {@link StaleBits#isSet}. If not, the index has to
   * be asked.
   */
  public boolean isKnownStale(int at, int before, int after) {
    StaleBits bits = staleBits;
    return bits != null && bits.isSet(at, before, after);
  }

  // ---- damage

  /** Notes that a record in here is damaged, so that none is trusted without a look any more. */
  public void becomeDamaged() {
    damaged = true;
    checked = false;
  }

  public boolean isDamaged() {
    return damaged;
  }

  /** Notes that the damage may be something that is needed: the file has to stay as it is. */
  public void keepDamage() {
    staleAtDamage = staleBytes.get();
  }

  /** Tells whether that was noted, and nothing has become stale in here since. */
  public boolean keepsDamage() {
    return staleAtDamage == staleBytes.get();
  }

  // ---- what it is

  /** Returns who may still read from here once it is dropped. */
  public SegmentUse use() {
    return use;
  }

  public SegmentHeader header() {
    return header;
  }

  public long id() {
    return header.id();
  }

  public int secret() {
    return header.secret();
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

  public @Nullable Path file() {
    return file;
  }

  public @Nullable MappedByteBuffer mapped() {
    return buffer instanceof MappedByteBuffer mapped && file != null ? mapped : null;
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
    return tally.lastSequence();
  }

  /**
   * Returns the first deadline of a put in here, live or stale; the largest long if none has one.
   */
  public long soonestDeadline() {
    return tally.soonestDeadline();
  }

  /** Notes the first deadline of a put that is still ahead. */
  public void sweptUntil(long soonestDeadline) {
    tally.sweptUntil(soonestDeadline);
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
    return tally.pin();
  }

  public long liveBytes() {
    return tally.putBytes() - staleBytes.get();
  }

  public long staleBytes() {
    return staleBytes.get();
  }

  public long tombstoneBytes() {
    return tally.tombstoneBytes();
  }
}
