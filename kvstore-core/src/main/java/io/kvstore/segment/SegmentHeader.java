package io.kvstore.segment;

import io.kvstore.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The header of a segment; its layout is drawn in {@link RecordFormat}. */
public record SegmentHeader(long id, int capacity, int secret, int kind) {
  /** The kind of a segment of the log; its ids follow the order of the log. */
  public static final int LOG = 0;

  /** The kind of a segment written by compaction; its ids are counted separately. */
  public static final int COMPACTED = 1;

  private static final long MAGIC = 0x3145524F5453564BL; // "KVSTORE1", little-endian
  private static final int CHECKSUM_AT = 28;

  // The JVM generates equals and hashCode of a record at their first use, which takes tens of
  // milliseconds: here that would be while a store is opened.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SegmentHeader that
        && id == that.id
        && capacity == that.capacity
        && secret == that.secret
        && kind == that.kind;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(id) + secret;
  }

  public boolean isCompacted() {
    return kind == COMPACTED;
  }

  /** Returns whether a mapped file still starts with this header. */
  boolean isAtStartOf(ByteBuffer bytes) {
    return bytes.getLong(8) == id && bytes.getInt(20) == secret;
  }

  public ByteBuffer toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(Segment.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putLong(id).putInt(capacity).putInt(secret).putInt(kind);
    bytes.putInt(checksum(bytes));
    return bytes.flip();
  }

  /** Returns the header in the first bytes of a buffer, or null if they are not a header. */
  public static @Nullable SegmentHeader parse(ByteBuffer bytes) {
    if (bytes.remaining() < Segment.HEADER_BYTES) {
      return null;
    }
    ByteBuffer header = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (header.getLong(0) != MAGIC || header.getInt(CHECKSUM_AT) != checksum(header)) {
      return null;
    }
    SegmentHeader parsed =
        new SegmentHeader(
            header.getLong(8), header.getInt(16), header.getInt(20), header.getInt(24));
    return parsed.capacity < Segment.HEADER_BYTES ? null : parsed;
  }

  /**
   * Returns whether these can be the first bytes of a file whose header was never written
   * completely.
   */
  public static boolean isStart(ByteBuffer bytes) {
    boolean isZero = true;
    boolean isOurs = true;
    for (int i = 0; i < bytes.remaining(); i++) {
      byte found = bytes.get(bytes.position() + i);
      isZero &= found == 0;
      isOurs &= i >= Long.BYTES || found == (byte) (MAGIC >>> (Byte.SIZE * i));
    }
    return isZero || isOurs;
  }

  private static int checksum(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().position(0).limit(CHECKSUM_AT));
    return (int) crc.getValue();
  }

  /** Returns the header of a file, or null if it has none. */
  public static @Nullable SegmentHeader read(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return parse(RecordFingerprint.read(channel, 0, Segment.HEADER_BYTES));
    }
  }
}
