package io.kvstore.repair;

import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The reconstruction of a damaged segment header from the records: the checksum of the first one,
 * if that is whole, gives the secret. It counts if the damaged header has the same one, or if the
 * second record is whole under it too; chance agrees in one of four thousand million cases.
 */
final class LostHeader {
  private static final int SECRET_AT = 20;

  private final FileChannel file;
  private final int bytes;

  LostHeader(FileChannel file) throws IOException {
    this.file = file;
    this.bytes = (int) Math.min(file.size(), Integer.MAX_VALUE);
  }

  /** Returns the header, or null if nothing proves it. */
  @Nullable SegmentHeader find(long id, int kind, SegmentScanner scanner) throws IOException {
    int first = Segment.HEADER_BYTES;
    if (bytes < first + RecordFormat.CONTROL_BYTES) {
      return null;
    }
    ByteBuffer head = read(0, first + RecordFormat.CONTROL_BYTES);
    if (!RecordFormat.isHeaderPlausible(head, first, bytes - first)) {
      return null;
    }
    int size = RecordFormat.size(head, first);
    CRC32C crc = new CRC32C();
    int checkedFrom = first + RecordFormat.CHECKED_FROM;
    crc.update(read(checkedFrom, first + size - checkedFrom));
    int secret = (int) crc.getValue() ^ RecordFormat.checksum(head, first);
    SegmentHeader found = new SegmentHeader(id, bytes, secret, kind);
    scanner.use(file, found);
    return secret == head.getInt(SECRET_AT) || scanner.isWhole(first + size) ? found : null;
  }

  private ByteBuffer read(int from, int length) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (read.hasRemaining() && file.read(read, from + read.position()) >= 0) {}
    return read.flip();
  }
}
