package io.kvstore.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Writes records with their checksums; for one thread at a time. */
public final class RecordWriter {
  private final CRC32C crc = new CRC32C();

  /**
   * Writes a record. The checksum is taken from the bytes as they were written, not from the
   * caller's arrays, which the caller may be changing.
   */
  public void write(ByteBuffer to, int at, LogRecord record, int secret) {
    to.clear(); // an Error in here may have left it as it was in the middle
    RecordFormat.write(to, at, record);
    to.limit(at + record.size()).position(at + RecordFormat.CHECKED_FROM);
    crc.reset();
    crc.update(to);
    to.clear();
    RecordFormat.writeChecksum(to, at, (int) crc.getValue() ^ secret);
  }
}
