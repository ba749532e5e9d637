package io.kvstore.segment;

import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.record.RecordWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** A segment file made record by record, for tests of readers. */
public final class MadeSegment {
  public static final int CAPACITY = 4096;

  /** The tag in the marks. */
  public static final int WRITER = 77;

  private final SegmentHeader header;
  private final ByteBuffer bytes;
  private int end = Segment.HEADER_BYTES;
  private int lastAt;

  private MadeSegment(SegmentHeader header) {
    this.header = header;
    this.bytes = ByteBuffer.allocate(header.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, header.toBytes().array());
  }

  public static MadeSegment of(long id) {
    return new MadeSegment(new SegmentHeader(id, CAPACITY, secret(id), SegmentHeader.LOG));
  }

  public static MadeSegment compacted(long id) {
    int secret = secret(id) + 0x1000;
    return new MadeSegment(new SegmentHeader(id, CAPACITY, secret, SegmentHeader.COMPACTED));
  }

  /** Returns a segment with the name of this one, of another time or store. */
  public MadeSegment stranger() {
    int secret = header.secret() + 0x777;
    return with(new SegmentHeader(header.id(), header.capacity(), secret, header.kind()));
  }

  public static MadeSegment with(SegmentHeader header) {
    return new MadeSegment(header);
  }

  /** Returns the secret of a segment of the log. */
  public static int secret(long id) {
    return 0x10000 + (int) id;
  }

  public MadeSegment put(String key, long sequence) {
    return add(LogRecord.put(key.getBytes(StandardCharsets.UTF_8), new byte[] {1}), sequence);
  }

  public MadeSegment delete(String key, long sequence) {
    return add(LogRecord.tombstone(key.getBytes(StandardCharsets.UTF_8)), sequence);
  }

  /** Adds a put of which more of its batch is to follow. */
  public MadeSegment begin(String key, long sequence) {
    LogRecord record = LogRecord.put(key.getBytes(StandardCharsets.UTF_8), new byte[] {1});
    record.setMore();
    return add(record, sequence);
  }

  public MadeSegment add(LogRecord change, long sequence) {
    change.number(sequence);
    return add(change);
  }

  public MadeSegment mark(long sequence) {
    return add(LogRecord.mark(sequence, WRITER));
  }

  /** Adds the seal of a segment that is followed by the one with the next id. */
  public MadeSegment seal(long sequence) {
    return seal(sequence, secret(header.id() + 1));
  }

  public MadeSegment seal(long sequence, int note) {
    return add(LogRecord.seal(sequence, note));
  }

  private MadeSegment add(LogRecord record) {
    new RecordWriter().write(bytes, end, record, header.secret());
    lastAt = end;
    end += record.size();
    return this;
  }

  /** Changes a byte of the record that was added last. */
  public MadeSegment damaged() {
    int at = lastAt + RecordFormat.HEADER_BYTES;
    bytes.put(at, (byte) (bytes.get(at) ^ 1));
    return this;
  }

  /** Changes a byte, which may be one of the header. */
  public MadeSegment damagedAt(int at) {
    bytes.put(at, (byte) (bytes.get(at) ^ 1));
    return this;
  }

  public SegmentHeader header() {
    return header;
  }

  /** Returns where the records end. */
  public int end() {
    return end;
  }

  /** Returns where the last record starts. */
  public int lastAt() {
    return lastAt;
  }

  public RecordFingerprint last() {
    return RecordFingerprint.of(bytes, lastAt);
  }

  public String name() {
    return "%010d.%s".formatted(header.id(), header.isCompacted() ? "compacted" : "segment");
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes.array(), bytes.capacity());
  }

  /** Writes the file into a directory. */
  public Path writeTo(Path directory) {
    try {
      return Files.write(directory.resolve(name()), toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what a scan finds in a file that was written. */
  public SegmentScan scanIn(Path directory) throws IOException {
    try (FileChannel file = FileChannel.open(directory.resolve(name()), StandardOpenOption.READ)) {
      SegmentScanner scanner = new SegmentScanner(new LongAdder());
      scanner.use(file, header);
      return scanner.scan(0, SegmentScan.START, RecordVisitor.NOBODY);
    }
  }
}
