package io.kvstore.segment;

import io.kvstore.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * A fingerprint of one record: its offset in its segment, and its checksum. Other files keep it to
 * detect later whether a segment file is still the same.
 *
 * @param at the offset, 0 if there was no record yet
 */
public record RecordFingerprint(int at, int checksum) {
  public static final int BYTES = 2 * Integer.BYTES;

  /** The fingerprint of a segment without records. */
  public static final RecordFingerprint NONE = new RecordFingerprint(0, 0);

  /** Returns the fingerprint of a record that has been written, or {@link #NONE} for 0. */
  public static RecordFingerprint of(ByteBuffer segment, int at) {
    return at == 0 ? NONE : new RecordFingerprint(at, RecordFormat.checksum(segment, at));
  }

  public void encode(ByteBuffer to) {
    to.putInt(at).putInt(checksum);
  }

  public static RecordFingerprint decode(ByteBuffer from) {
    return new RecordFingerprint(from.getInt(), from.getInt());
  }

  /**
   * Returns whether a segment has the record. The record may be damaged in one place: either its
   * checksum is there, or the bytes with that checksum.
   */
  public boolean isIn(FileChannel segment, int secret) throws IOException {
    if (at == 0) {
      return true;
    }
    ByteBuffer header = read(segment, at, RecordFormat.HEADER_BYTES);
    if (header.remaining() < RecordFormat.HEADER_BYTES) {
      return false;
    }
    if (RecordFormat.checksum(header, 0) == checksum) {
      return true;
    }
    long rest = segment.size() - at;
    return RecordFormat.isHeaderPlausible(header, 0, rest)
        && hasBytes(segment, secret, RecordFormat.size(header, 0));
  }

  /** Returns whether the last record of a segment, whose end is known, is the record. */
  public boolean isLastIn(FileChannel segment, int secret, int end) throws IOException {
    if (at == 0) {
      return end == Segment.HEADER_BYTES;
    }
    int size = end - at;
    if (at < Segment.HEADER_BYTES || size < RecordFormat.HEADER_BYTES) {
      return false;
    }
    ByteBuffer stored = read(segment, at, Integer.BYTES);
    return stored.remaining() == Integer.BYTES
        && (stored.getInt() == checksum || hasBytes(segment, secret, size));
  }

  private boolean hasBytes(FileChannel segment, int secret, int size) throws IOException {
    ByteBuffer record = read(segment, at, size);
    if (record.remaining() < size) {
      return false;
    }
    CRC32C crc = new CRC32C();
    crc.update(record.position(RecordFormat.CHECKED_FROM));
    return ((int) crc.getValue() ^ secret) == checksum;
  }

  /** Reads bytes of a segment from an offset, up to a length or the end of the file. */
  public static ByteBuffer read(FileChannel segment, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && segment.read(bytes, from + bytes.position()) >= 0) {}
    return bytes.flip();
  }
}
