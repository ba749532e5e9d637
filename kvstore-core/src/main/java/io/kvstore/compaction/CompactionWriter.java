package io.kvstore.compaction;

import io.kvstore.CorruptStoreException;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.record.RecordWriter;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentLinks;
import io.kvstore.segment.SegmentScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The writer of one compacted segment: copies records into it, and verifies each. */
final class CompactionWriter {
  /**
   * The size of a huge page, so that the system may cache the file in huge pages; see {@link
   * SegmentFiles}.
   */
  private static final int BUFFER_BYTES = 2 << 20;

  private final CompactedFiles.Output output;
  private final ByteBuffer buffer;
  private final CRC32C crc = new CRC32C();
  private final boolean checksums;

  /** The segment of the last copy, and a second view of its buffer. */
  private @Nullable Segment source;

  private ByteBuffer view = ByteBuffer.allocate(0);
  private int end;
  private long lastSequence;
  private long putBytes;
  private long tombstoneBytes;
  private long soonestDeadline = RecordFormat.NO_DEADLINE;

  /**
   * @param buffer a result of {@link #newBuffer}, not in use elsewhere
   * @param checksums whether the records have checksums: those of a store in memory have none
   */
  CompactionWriter(CompactedFiles.Output output, ByteBuffer buffer, boolean checksums)
      throws IOException {
    this.output = output;
    this.checksums = checksums;
    this.buffer = buffer.clear();
    ByteBuffer header = output.header().toBytes();
    put(header, header.position(), header.remaining());
  }

  /**
   * Returns a buffer for consecutive writers; it is shared because only the garbage collector frees
   * its memory.
   *
   * @param capacity the capacity of the largest segment to be written
   */
  static ByteBuffer newBuffer(int capacity) {
    return ByteBuffer.allocateDirect(bufferBytes(capacity)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the buffer size for segments of a capacity. */
  static int bufferBytes(int capacity) {
    return Math.min(BUFFER_BYTES, RecordFormat.aligned(capacity));
  }

  /** Returns the offset of the next record. */
  int end() {
    return end;
  }

  /**
   * Copies a record with its sequence.
   *
   * @param size the size of the record, in bytes
   */
  void copy(Segment from, int at, int size) throws IOException {
    ByteBuffer content = from.content();
    int checksum = checksums ? checked(from, at, size) ^ output.header().secret() : 0;
    if (RecordFormat.hasMore(content, at)) {
      putAlone(content, at, size);
    } else {
      put(checksum);
      put(content, at + RecordFormat.CHECKED_FROM, size - RecordFormat.CHECKED_FROM);
    }
    lastSequence = Math.max(lastSequence, RecordFormat.sequence(content, at));
    if (RecordFormat.type(content, at) == RecordFormat.PUT) {
      putBytes += size;
      soonestDeadline = Math.min(soonestDeadline, RecordFormat.deadline(content, at));
    } else {
      tombstoneBytes += size;
    }
  }

  /** Verifies a record and returns its CRC. */
  private int checked(Segment from, int at, int size) {
    if (source != from) {
      source = from;
      view = from.content().duplicate();
    }
    int crcOfRecord = crcOf(view.clear().position(at).limit(at + size));
    if (crcOfRecord != (RecordFormat.checksum(from.content(), at) ^ from.secret())) {
      throw new CorruptStoreException(
          Objects.requireNonNull(from.file()), at, "the record is not what was written");
    }
    return crcOfRecord;
  }

  /**
   * @param record from position to limit
   */
  private int crcOf(ByteBuffer record) {
    crc.reset();
    crc.update(record.position(record.position() + RecordFormat.CHECKED_FROM));
    return (int) crc.getValue();
  }

  /** Writes a record as a single one: other records of its batch may not be copied. */
  private void putAlone(ByteBuffer content, int at, int size) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    record.put(0, content, at, size);
    RecordFormat.clearMore(record, 0);
    put(checksums ? crcOf(record.duplicate()) ^ output.header().secret() : 0);
    put(record, RecordFormat.CHECKED_FROM, size - RecordFormat.CHECKED_FROM);
  }

  private void put(int checksum) throws IOException {
    // Records start at multiples of 8, and so does the rest of the buffer.
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.putInt(checksum);
    end += Integer.BYTES;
  }

  private void put(ByteBuffer bytes, int from, int length) throws IOException {
    end += length;
    for (int at = from; at < from + length; ) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int count = Math.min(buffer.remaining(), from + length - at);
      buffer.put(buffer.position(), bytes, at, count).position(buffer.position() + count);
      at += count;
    }
  }

  private void flush() throws IOException {
    output.write(buffer.flip());
    buffer.clear();
  }

  /**
   * Seals the segment and returns it, synced.
   *
   * @param pin the last change that the indexes had applied when the records were chosen: a change
   *     that hides one of them later is newer
   * @param tag the tag of the writer
   */
  Segment finish(long pin, int tag) throws IOException {
    LogRecord seal = LogRecord.seal(pin, tag);
    ByteBuffer bytes = ByteBuffer.allocate(seal.size()).order(ByteOrder.LITTLE_ENDIAN);
    new RecordWriter().write(bytes, 0, seal, output.header().secret());
    RecordFingerprint last = new RecordFingerprint(end, RecordFormat.checksum(bytes, 0));
    put(bytes, 0, bytes.limit());
    flush();
    Segment segment = output.finish();
    segment.written(
        new SegmentScan(
            end,
            true,
            end,
            lastSequence,
            0,
            pin,
            putBytes,
            tombstoneBytes,
            soonestDeadline,
            new SegmentLinks(last, tag, 0)));
    return segment;
  }
}
