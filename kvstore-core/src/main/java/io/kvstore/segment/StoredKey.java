package io.kvstore.segment;

import io.kvstore.platform.LittleEndian;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;

/** Comparisons of the keys of stored records, eight bytes at a time. */
public final class StoredKey {
  private StoredKey() {}

  /** Returns whether the record at an offset has a key. */
  static boolean is(ByteBuffer buffer, int at, byte[] key) {
    int length = key.length;
    if (RecordFormat.keyLength(buffer, at) != length) {
      return false;
    }
    int keyAt = RecordFormat.keyAt(at);
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if (buffer.getLong(keyAt + i) != LittleEndian.getLong(key, i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (buffer.get(keyAt + i) != key[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether two records have the same key; the other one need not have been verified. */
  static boolean isSame(ByteBuffer buffer, int at, ByteBuffer other, int otherAt) {
    int length = RecordFormat.keyLength(buffer, at);
    int keyAt = RecordFormat.keyAt(at);
    int otherKeyAt = RecordFormat.keyAt(otherAt);
    if (RecordFormat.keyLength(other, otherAt) != length
        || otherKeyAt + length > other.capacity()) {
      return false;
    }
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if (buffer.getLong(keyAt + i) != other.getLong(otherKeyAt + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (buffer.get(keyAt + i) != other.get(otherKeyAt + i)) {
        return false;
      }
    }
    return true;
  }
}
