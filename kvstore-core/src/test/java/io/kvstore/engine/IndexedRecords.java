package io.kvstore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.log.Events;
import io.kvstore.log.Log;
import io.kvstore.log.LogOpening;
import io.kvstore.log.LogRecord;
import io.kvstore.log.Segments;

/** Records in a log in memory, for an index to point at. */
final class IndexedRecords {
  final Segments segments = new Segments();
  final Log log = LogOpening.inMemory(segments, 1 << 20, Long.MAX_VALUE, Events.NONE).log();

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

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
