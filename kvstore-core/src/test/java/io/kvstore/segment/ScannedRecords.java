package io.kvstore.segment;

import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A factory of the records that a scan finds. */
public final class ScannedRecords {
  private ScannedRecords() {}

  /** Returns an appended change as a scan finds it. */
  public static ScannedRecord of(LogRecord record) {
    ByteBuffer buffer = ByteBuffer.allocate(record.size()).order(ByteOrder.LITTLE_ENDIAN);
    RecordFormat.write(buffer, 0, record);
    return new ScannedRecord(buffer).at(0, record.location());
  }
}
