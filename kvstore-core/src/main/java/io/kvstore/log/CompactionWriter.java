package io.kvstore.log;

import io.kvstore.CorruptStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;

/** Copies records into one compacted segment, each checked on the way. */
final class CompactionWriter {
  /** A huge page, so that the system may cache the file in such; see {@link SegmentFiles}. */
  private static final int BUFFER_BYTES = 2 << 20;

  private final CompactedFiles.Output output;
  private final ByteBuffer buffer;
  private final CRC32C crc = new CRC32C();
  private final boolean checksums;
  private int end;
  private long lastSequence;
  private long putBytes;
  private long tombstoneBytes;
  private long soonestDeadline = RecordFormat.NO_DEADLINE;

  /**
   * @param checksums whether the records have any: those of a store in memory have none
   */
  CompactionWriter(CompactedFiles.Output output, boolean checksums) throws IOException {
    this.output = output;
    this.checksums = checksums;
    int size = Math.min(BUFFER_BYTES, output.header().capacity());
    this.buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
    put(output.header().toBytes());
  }

  /** Returns where the next record will lie. */
  int end() {
    return end;
  }

  /** Copies a record with its sequence. */
  void copy(Segment from, int at) throws IOException {
    ByteBuffer content = from.content();
    int size = RecordFormat.size(content, at);
    if (checksums) {
      putChecked(from, at, size);
    } else {
      putAlone(content, at, size, 0);
    }
    lastSequence = Math.max(lastSequence, RecordFormat.sequence(content, at));
    if (RecordFormat.type(content, at) == RecordFormat.PUT) {
      putBytes += size;
      soonestDeadline = Math.min(soonestDeadline, RecordFormat.deadline(content, at));
    } else {
      tombstoneBytes += size;
    }
  }

  private void putChecked(Segment from, int at, int size) throws IOException {
    ByteBuffer content = from.content();
    int checked = at + RecordFormat.CHECKED_FROM;
    crc.reset();
    crc.update(content.slice(checked, at + size - checked));
    int checksum = (int) crc.getValue();
    if (checksum != (RecordFormat.checksum(content, at) ^ from.secret())) {
      throw new CorruptStoreException(
          Objects.requireNonNull(from.file()), at, "the record is not what was written");
    }
    putAlone(content, at, size, checksum ^ output.header().secret());
  }

  /** Writes a record that belongs to no batch any more: some of that may be left behind. */
  private void putAlone(ByteBuffer content, int at, int size, int checksum) throws IOException {
    ByteBuffer record = content.slice(at, size).order(ByteOrder.LITTLE_ENDIAN);
    int sum = checksum;
    if (RecordFormat.hasMore(content, at)) {
      record = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(record).flip();
      RecordFormat.clearMore(record, 0);
      if (checksums) {
        crc.reset();
        crc.update(record.slice(RecordFormat.CHECKED_FROM, size - RecordFormat.CHECKED_FROM));
        sum = (int) crc.getValue() ^ output.header().secret();
      }
    }
    put(sum);
    put(record.position(RecordFormat.CHECKED_FROM));
  }

  private void put(int checksum) throws IOException {
    // Records start at multiples of 8, and so does what is left of the buffer.
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.putInt(checksum);
    end += Integer.BYTES;
  }

  private void put(ByteBuffer bytes) throws IOException {
    end += bytes.remaining();
    while (bytes.hasRemaining()) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int length = Math.min(buffer.remaining(), bytes.remaining());
      buffer.put(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
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
   */
  Segment finish(long pin) throws IOException {
    LogRecord seal = LogRecord.seal(pin);
    ByteBuffer bytes = ByteBuffer.allocate(seal.size()).order(ByteOrder.LITTLE_ENDIAN);
    new RecordWriter().write(bytes, 0, seal, output.header().secret());
    put(bytes);
    flush();
    Segment segment = output.finish();
    segment.written(
        new SegmentScan(
            end, true, end, lastSequence, 0, pin, putBytes, tombstoneBytes, soonestDeadline));
    return segment;
  }
}
