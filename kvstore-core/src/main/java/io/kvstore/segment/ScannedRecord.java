package io.kvstore.segment;

import io.kvstore.platform.LittleEndian;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;

/** A whole change found by a scan; valid only during the visit. */
public final class ScannedRecord {
  private final ByteBuffer buffer;
  private int at;
  private long location;

  ScannedRecord(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  ScannedRecord at(int at, long location) {
    this.at = at;
    this.location = location;
    return this;
  }

  /** Returns whether this is the record of a delete. */
  public boolean isTombstone() {
    return RecordFormat.type(buffer, at) == RecordFormat.TOMBSTONE;
  }

  /** Copies the key to the start of an array, and returns its length. */
  public int copyKey(byte[] to) {
    int length = RecordFormat.keyLength(buffer, at);
    int from = RecordFormat.keyAt(at);
    int i = 0;
    // Keys are short: a few words here cost less than the call that copies many bytes.
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      LittleEndian.putLong(to, i, buffer.getLong(from + i));
    }
    for (; i < length; i++) {
      to[i] = buffer.get(from + i);
    }
    return length;
  }

  public long sequence() {
    return RecordFormat.sequence(buffer, at);
  }

  /** Returns the location of the record. */
  public long location() {
    return location;
  }
}
