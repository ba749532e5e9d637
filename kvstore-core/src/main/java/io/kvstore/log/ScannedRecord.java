package io.kvstore.log;

import java.nio.ByteBuffer;

/** A change that a scan has found whole; valid during the visit only. */
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

  /** Returns a copy of the key. */
  public byte[] key() {
    byte[] key = new byte[RecordFormat.keyLength(buffer, at)];
    buffer.get(RecordFormat.keyAt(at), key);
    return key;
  }

  /** Returns the number of the change. */
  public long sequence() {
    return RecordFormat.sequence(buffer, at);
  }

  /** Returns where it lies in the log. */
  public long location() {
    return location;
  }
}
