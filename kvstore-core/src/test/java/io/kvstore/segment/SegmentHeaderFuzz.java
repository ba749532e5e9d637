package io.kvstore.segment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The fuzz target of the segment header: any bytes are a valid header that survives a round trip
 * byte by byte, or not a header.
 */
public final class SegmentHeaderFuzz {
  private static final int MAGIC_BYTES = 8;
  private static final int CHECKSUM_AT = 28;

  private SegmentHeaderFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    read(input);
    byte[] whole = Arrays.copyOf(input, Math.max(input.length, Segment.HEADER_BYTES));
    byte[] some = new SegmentHeader(1, Segment.HEADER_BYTES, 0, 0).toBytes().array();
    System.arraycopy(some, 0, whole, 0, MAGIC_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(whole, 0, CHECKSUM_AT);
    ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(CHECKSUM_AT, (int) crc.getValue());
    read(whole);
  }

  private static void read(byte[] bytes) {
    SegmentHeader read = SegmentHeader.parse(ByteBuffer.wrap(bytes));
    if (read == null) {
      return;
    }
    if (!read.toBytes().equals(ByteBuffer.wrap(bytes, 0, Segment.HEADER_BYTES))) {
      throw new AssertionError(read + " is written differently");
    }
    if (read.capacity() < Segment.HEADER_BYTES) {
      throw new AssertionError("there is no segment of " + read.capacity() + " bytes");
    }
  }
}
