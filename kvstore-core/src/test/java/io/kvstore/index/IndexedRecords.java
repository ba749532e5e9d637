package io.kvstore.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.kvstore.log.Log;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.record.LogRecord;
import io.kvstore.recovery.LogOpening;
import io.kvstore.segment.SegmentTable;

/** Records of a log in memory, for an index to point at. */
public final class IndexedRecords {
  public final SegmentTable segments = new SegmentTable();
  public final Log log =
      LogOpening.inMemory(segments, 1 << 20, Long.MAX_VALUE, EventDispatcher.NONE).log();

  /** Appends a put and returns its location. */
  long put(String key, String value) {
    return append(LogRecord.put(bytes(key), bytes(value)));
  }

  /** Appends a tombstone and returns its location. */
  long tombstone(String key) {
    return append(LogRecord.tombstone(bytes(key)));
  }

  private long append(LogRecord record) {
    log.append(record);
    return record.location();
  }

  /** Points a key at a location, and returns the slot that pointed elsewhere, or none. */
  @CanIgnoreReturnValue
  public static long put(KeyIndex index, long hash, byte[] key, long location) {
    int at = index.locate(hash, key);
    long before = at < 0 ? Slot.EMPTY : index.slotAt(at);
    index.point(at, hash, location);
    return before;
  }

  /** Removes a key, and returns the slot that it had, or none. */
  @CanIgnoreReturnValue
  public static long remove(KeyIndex index, long hash, byte[] key) {
    int at = index.locate(hash, key);
    long before = at < 0 ? Slot.EMPTY : index.slotAt(at);
    if (at >= 0) {
      index.remove(at);
    }
    return before;
  }

  public static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
