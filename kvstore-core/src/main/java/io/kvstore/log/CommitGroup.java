package io.kvstore.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records that one sync will cover: their bytes, by the place in the log where they go, and the
 * changes among them. Guarded by the lock of the {@link Committer} until it is taken for writing.
 */
final class CommitGroup {

  /** Bytes that follow each other in one segment. */
  record Chunk(Segment segment, int from, ByteBuffer bytes) {
    int to() {
      return from + bytes.position();
    }
  }

  private final List<Chunk> chunks = new ArrayList<>();
  private final List<LogRecord> changes = new ArrayList<>();
  private final SharedSync done = new SharedSync();
  private long bytes;
  private boolean seals;
  private boolean endsSegment;

  /** Returns the chunk that goes on where the segment ends, or null if there is none with room. */
  @Nullable Chunk openChunk(Segment segment, int size) {
    if (!chunks.isEmpty()) {
      Chunk last = chunks.get(chunks.size() - 1);
      if (last.segment() == segment && last.bytes().remaining() >= size) {
        return last;
      }
    }
    return null;
  }

  Chunk add(Chunk chunk) {
    chunks.add(chunk);
    return chunk;
  }

  void added(LogRecord record) {
    bytes += record.size();
    endsSegment = record.type() == RecordFormat.SEAL;
    seals |= endsSegment;
    if (record.isChange()) {
      changes.add(record);
      record.completedBy(done);
    }
  }

  void added(List<LogRecord> batch) {
    changes.addAll(batch);
    endsSegment = false;
    bytes += LogRecord.size(batch);
    for (LogRecord record : batch) {
      record.completedBy(done);
    }
  }

  /** Returns whether anything waits for this group: only marks can wait for the next one. */
  boolean isAwaited() {
    return seals || !changes.isEmpty();
  }

  /** Returns whether its last record is a seal: nothing more comes into that segment. */
  boolean endsSegment() {
    return endsSegment;
  }

  boolean hasChanges() {
    return !changes.isEmpty();
  }

  boolean isEmpty() {
    return chunks.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  /** Returns how many changes it has. */
  int changes() {
    return changes.size();
  }

  List<Chunk> chunks() {
    return chunks;
  }

  /** Tells of all changes, in order, and of those of a batch at once. */
  void publish(Publisher publisher) {
    for (int i = 0; i < changes.size(); ) {
      int from = i;
      while (changes.get(i++).hasMore()) {}
      if (i == from + 1) {
        publisher.publish(changes.get(from));
      } else {
        publisher.publish(changes.subList(from, i));
      }
    }
  }

  /** Returns the sequence of the last change; there is one. */
  long lastSequence() {
    return changes.get(changes.size() - 1).sequence();
  }

  SharedSync done() {
    return done;
  }
}
