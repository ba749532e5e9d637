package io.kvstore.segment;

import io.kvstore.platform.StoreLogger;
import io.kvstore.record.Location;
import io.kvstore.record.RecordCounts;
import io.kvstore.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A scanner that reads a segment sequentially, with large plain reads, and stops at the first bad
 * record, or at the start of the batch that it belongs to. For one thread at a time.
 */
public final class SegmentScanner {
  /** The buffer size: larger than any key, so that only values can exceed it. */
  private static final int BUFFER_BYTES = 256 << 10;

  /** The number of bytes that are compared with zeros at once. */
  private static final int ZERO_BYTES = 64 << 10;

  private static final long ZERO_SUM = zeroSum();

  private static final int TORN = -1;

  /**
   * A sequence that no log reaches: a search behind damage skips records that claim a higher one.
   */
  private static final long MAX_SEQUENCE = 1L << 48;

  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ScannedRecord scanned = new ScannedRecord(buffer);
  private final CRC32C crc = new CRC32C();
  private final LongAdder bytesDone;
  private final RecordCounts counts = new RecordCounts();

  private @Nullable FileChannel file;
  private long fileEnd;
  private int secret;
  private boolean compacted;
  private long id;

  /** The offset in the file of the buffer's content, and its length. */
  private long base;

  private int filled;

  public SegmentScanner(LongAdder bytesDone) {
    this.bytesDone = bytesDone;
  }

  private static long zeroSum() {
    CRC32 sum = new CRC32();
    sum.update(new byte[ZERO_BYTES]);
    return sum.getValue();
  }

  /** Selects the segment to scan. */
  public void use(FileChannel segment, SegmentHeader header) throws IOException {
    file = segment;
    fileEnd = Math.min(segment.size(), header.capacity());
    secret = header.secret();
    compacted = header.isCompacted();
    id = header.id();
    base = 0;
    filled = 0;
  }

  /** Scans the segment from the end of an earlier scan, or from {@link SegmentScan#START}. */
  public SegmentScan scan(int place, SegmentScan start, RecordVisitor visitor) throws IOException {
    ScanTotals tally = new ScanTotals(start, compacted);
    for (int end; !tally.sealed() && (end = batchEnd(tally.end())) != TORN; ) {
      while (tally.end() < end) {
        int at = tally.end();
        int i = locate(at);
        int size = RecordFormat.size(buffer, i);
        byte type = RecordFormat.type(buffer, i);
        counts.add(type, size);
        tally.add(buffer, i, size);
        if (type == RecordFormat.PUT) {
          tally.addDeadline(deadline(at, i));
          visitor.visit(scanned.at(locate(at), Location.of(place, at)));
        } else if (type == RecordFormat.TOMBSTONE) {
          visitor.visit(scanned.at(i, Location.of(place, at)));
        }
      }
    }
    return tally.result(tally.sealed() ? tally.end() : (int) dataEnd(tally.end()));
  }

  /**
   * Returns the end of the batch that starts at an offset, where a single record is a batch of one,
   * or {@link #TORN} if the batch is not whole.
   */
  private int batchEnd(int start) throws IOException {
    int at = start;
    long sequence = 0;
    for (boolean more = true; more; ) {
      if (!isWhole(at)) {
        return TORN;
      }
      int i = (int) (at - base);
      boolean follows = RecordFormat.sequence(buffer, i) == sequence + 1;
      if (at > start && !(follows && RecordFormat.isChange(buffer, i))) {
        // A whole record follows that is not of this batch. No crash can leave that, so the rest of
        // the batch was never written: the records that exist are all of it.
        reportShortBatch(start, at);
        return at;
      }
      sequence = RecordFormat.sequence(buffer, i);
      more = RecordFormat.hasMore(buffer, i);
      at += RecordFormat.size(buffer, i);
    }
    return at;
  }

  private void reportShortBatch(int start, int at) {
    StoreLogger.get()
        .log(
            System.Logger.Level.WARNING,
            "segment {0}: the batch at offset {1} says that more follows, but the record at offset"
                + " {2} is none of its own; the existing records are kept",
            id,
            start,
            at);
  }

  /** Loads a record into the buffer, or as much of it as fits, and returns its offset there. */
  private int locate(int at) throws IOException {
    load(at, RecordFormat.HEADER_BYTES);
    load(at, Math.min(BUFFER_BYTES, RecordFormat.size(buffer, (int) (at - base))));
    return (int) (at - base);
  }

  /** Returns the deadline of a put, which may lie behind the part that fits into the buffer. */
  private long deadline(int at, int i) throws IOException {
    if (!RecordFormat.hasDeadline(buffer, i)) {
      return RecordFormat.NO_DEADLINE;
    }
    long deadlineAt = (long) at + RecordFormat.deadlineOffset(buffer, i);
    load(deadlineAt, Long.BYTES);
    return buffer.getLong((int) (deadlineAt - base));
  }

  /**
   * Searches behind damage for sync markers, which prove what had been synced; returns the highest
   * sequence, or 0.
   */
  public long markedAfter(long from) throws IOException {
    long marked = 0;
    long at = from + RecordFormat.ALIGNMENT;
    for (; load(at, RecordFormat.HEADER_BYTES); at += RecordFormat.ALIGNMENT) {
      int i = (int) (at - base);
      if (RecordFormat.type(buffer, i) == RecordFormat.MARK && isWhole(at)) {
        marked = Math.max(marked, RecordFormat.sequence(buffer, (int) (at - base)));
      }
    }
    return marked;
  }

  /** Searches behind damage for the next whole batch; returns its offset, or -1. */
  public int batchAfter(int from) throws IOException {
    int at = from + step(from);
    while (load(at, RecordFormat.HEADER_BYTES)) {
      int step = step(at);
      if (step > RecordFormat.ALIGNMENT && batchEnd(at) != TORN) {
        return at;
      }
      at += step;
    }
    return -1;
  }

  /**
   * Returns the step to the next candidate: the size of a whole record, since its value may look
   * like a record.
   */
  private int step(int at) throws IOException {
    if (load(at, RecordFormat.HEADER_BYTES)) {
      long sequence = RecordFormat.sequence(buffer, (int) (at - base));
      if (sequence >= 0 && sequence < MAX_SEQUENCE && isWhole(at)) {
        return RecordFormat.size(buffer, (int) (at - base));
      }
    }
    return RecordFormat.ALIGNMENT;
  }

  /**
   * Returns the end of the rest of a damaged batch.
   *
   * @param from the start of the damage
   * @param to the offset where whole records continue
   * @return {@code to}, unless headers in between that fit exactly say that the batch goes on
   */
  public int restOfBatch(int from, int to) throws IOException {
    boolean more = false;
    for (int at = from; at < to; ) {
      if (!load(at, RecordFormat.HEADER_BYTES)
          || !RecordFormat.isHeaderPlausible(buffer, (int) (at - base), (long) to - at)) {
        return to;
      }
      more = RecordFormat.hasMore(buffer, (int) (at - base));
      at += RecordFormat.size(buffer, (int) (at - base));
    }
    boolean follows =
        more
            && load(to, RecordFormat.HEADER_BYTES)
            && RecordFormat.isChange(buffer, (int) (to - base));
    return follows ? batchEnd(to) : to;
  }

  /** Returns the counts of all scans. */
  public RecordCounts counts() {
    return counts;
  }

  /**
   * Returns whether there is a whole record at an offset; its header and key are then in the
   * buffer.
   */
  public boolean isWhole(long at) throws IOException {
    if (!load(at, RecordFormat.HEADER_BYTES)) {
      return false;
    }
    int i = (int) (at - base);
    if (!RecordFormat.isHeaderPlausible(buffer, i, fileEnd - at)) {
      return false;
    }
    int size = RecordFormat.size(buffer, i);
    int expected = RecordFormat.checksum(buffer, i) ^ secret;
    if (size > BUFFER_BYTES) {
      boolean whole = longChecksum(at + RecordFormat.CHECKED_FROM, at + size) == expected;
      return whole && load(at, RecordFormat.HEADER_BYTES) && hasPlausibleLabel(at);
    }
    if (!load(at, size)) {
      return false;
    }
    i = (int) (at - base);
    crc.reset();
    buffer.limit(i + size).position(i + RecordFormat.CHECKED_FROM);
    crc.update(buffer);
    buffer.clear();
    return (int) crc.getValue() == expected && hasPlausibleLabel(at);
  }

  /**
   * Returns whether a record whose header is in the buffer has no label, or one with a plausible
   * length, which may lie behind the part that fits into the buffer. The header is in the buffer
   * afterwards.
   */
  private boolean hasPlausibleLabel(long at) throws IOException {
    int i = (int) (at - base);
    if (!RecordFormat.hasLabel(buffer, i)) {
      return true;
    }
    long lengthAt = at + RecordFormat.labelLengthOffset(buffer, i);
    if (!load(lengthAt, 1)) {
      return false;
    }
    int length = Byte.toUnsignedInt(buffer.get((int) (lengthAt - base)));
    return load(at, RecordFormat.HEADER_BYTES)
        && RecordFormat.isLabelPlausible(buffer, (int) (at - base), length);
  }

  private int longChecksum(long from, long to) throws IOException {
    crc.reset();
    for (long at = from; at < to; at += buffer.capacity()) {
      int length = (int) Math.min(buffer.capacity(), to - at);
      if (!load(at, length)) {
        return 0;
      }
      int i = (int) (at - base);
      buffer.limit(i + length).position(i);
      crc.update(buffer);
      buffer.clear();
    }
    return (int) crc.getValue();
  }

  /**
   * Returns the end of the last non-zero bytes, or {@code from} if all are zero. Other bytes pass
   * for zeros with a probability of 2^-32 for each {@link #ZERO_BYTES}.
   */
  public long dataEnd(long from) throws IOException {
    long end = from;
    for (long at = from; at < fileEnd; at += ZERO_BYTES) {
      int length = (int) Math.min(ZERO_BYTES, fileEnd - at);
      load(at, length);
      int i = (int) (at - base);
      if (length < ZERO_BYTES || !isZero(i)) {
        int data = dataLength(i, length);
        end = data > 0 ? at + data : end;
      }
    }
    return end;
  }

  /** Returns the number of bytes of the buffer up to the last one that is not zero. */
  private int dataLength(int from, int length) {
    int left = length;
    while (left >= Long.BYTES && buffer.getLong(from + left - Long.BYTES) == 0) {
      left -= Long.BYTES;
    }
    while (left > 0 && buffer.get(from + left - 1) == 0) {
      left--;
    }
    return left;
  }

  /**
   * Returns whether {@link #ZERO_BYTES} of the buffer are zeros, by their CRC-32: the JVM computes
   * it at full speed even before it has compiled anything, as when a store is opened. CRC-32C would
   * not do, since records contain their own.
   */
  private boolean isZero(int from) {
    CRC32 sum = new CRC32();
    buffer.limit(from + ZERO_BYTES).position(from);
    sum.update(buffer);
    buffer.clear();
    return sum.getValue() == ZERO_SUM;
  }

  /** Loads bytes into the buffer; returns false if the file ends before. */
  private boolean load(long at, int length) throws IOException {
    if (at >= base && at + length <= base + filled) {
      return true;
    }
    if (at + length > fileEnd) {
      return false;
    }
    FileChannel channel = Objects.requireNonNull(file);
    base = at;
    filled = 0;
    buffer.clear().limit((int) Math.min(buffer.capacity(), fileEnd - at));
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, base + filled);
      if (read < 0) {
        break;
      }
      filled += read;
      bytesDone.add(read);
    }
    buffer.clear();
    return length <= filled;
  }
}
