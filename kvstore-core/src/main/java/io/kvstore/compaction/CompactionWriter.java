package io.kvstore.compaction;

import io.kvstore.CorruptStoreException;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.record.RecordWriter;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentFiles;
import io.kvstore.segment.SegmentLinks;
import io.kvstore.segment.SegmentScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Copies records into one compacted segment, each checked on the way. */
final class CompactionWriter {
  /** A huge page, so that the system may cache the file in such; see {@link SegmentFiles}. */
  private static final int BUFFER_BYTES = 2 << 20;

  private final CompactedFiles.Output output;
  private final ByteBuffer buffer;
  private final CRC32C crc = new CRC32C();
  private final boolean checksums;

  /** What was copied from last, and a second view of it. */
  private @Nullable Segment source;

  private ByteBuffer view = ByteBuffer.allocate(0);
  private int end;
  private long lastSequence;
  private long putBytes;
  private long tombstoneBytes;
  private long soonestDeadline = RecordFormat.NO_DEADLINE;

  /**
   * @param buffer that {@link #newBuffer} has returned, in use by nobody else
   * @param checksums whether the records have any: those of a store in memory have none
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
   * Returns what writers need, one after the other: only the collector gives its memory back.
   *
   * @param capacity of the largest segment that there will be
   */
  static ByteBuffer newBuffer(int capacity) {
    return ByteBuffer.allocateDirect(bufferBytes(capacity)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns how large a buffer is made for segments of a capacity. */
  static int bufferBytes(int capacity) {
    return Math.min(BUFFER_BYTES, RecordFormat.aligned(capacity));
  }

  /** Returns where the next record will lie. */
  int end() {
    return end;
  }

  /**
   * Copies a record with its sequence.
   *
   * @param size bytes of the record
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

  /** Returns the CRC of a record, which is what was written. */
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

  /** Writes a record that belongs to no batch any more: some of that may be left behind. */
  private void putAlone(ByteBuffer content, int at, int size) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    record.put(0, content, at, size);
    RecordFormat.clearMore(record, 0);
    put(checksums ? crcOf(record.duplicate()) ^ output.header().secret() : 0);
    put(record, RecordFormat.CHECKED_FROM, size - RecordFormat.CHECKED_FROM);
  }

  private void put(int checksum) throws IOException {
    // Records start at multiples of 8, and so does what is left of the buffer.
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
   * @param pin the last change that the indexes had taken in when it was chosen what to copy: what
   *     hides a record in here later is newer
   * @param tag of who writes it
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
