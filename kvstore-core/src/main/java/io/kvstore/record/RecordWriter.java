package io.kvstore.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A writer of records with their checksums; for one thread at a time. */
public final class RecordWriter {
  private final CRC32C crc = new CRC32C();

  /**
   * Writes a record. The checksum is computed from the written bytes, not from the caller's arrays,
   * which the caller may be modifying.
   */
  public void write(ByteBuffer to, int at, LogRecord record, int secret) {
    to.clear(); // an Error in here may have left its position and limit changed
    RecordFormat.write(to, at, record);
    to.limit(at + record.size()).position(at + RecordFormat.CHECKED_FROM);
    crc.reset();
    crc.update(to);
    to.clear();
    RecordFormat.writeChecksum(to, at, (int) crc.getValue() ^ secret);
  }
}
