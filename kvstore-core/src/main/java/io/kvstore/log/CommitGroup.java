package io.kvstore.log;

import io.kvstore.platform.SharedSync;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records that one sync will cover: their bytes, by the place in the log where they go, and the
 * changes among them. Guarded by the lock of the {@link GroupCommitWriter} until it is taken for
 * writing.
 */
final class CommitGroup {

  /** Bytes that follow each other in one segment. */
  static final class Chunk {
    private final Segment segment;
    private final int from;
    private final ByteBuffer bytes;

    /** Bytes that count; what lies behind them was written by nobody, or by an attempt. */
    private int length;

    Chunk(Segment segment, int from, ByteBuffer bytes) {
      this.segment = segment;
      this.from = from;
      this.bytes = bytes;
    }

    Segment segment() {
      return segment;
    }

    /** Returns where in the segment it starts. */
    int from() {
      return from;
    }

    int to() {
      return from + length;
    }

    /** Returns the buffer; where the next record goes in it, {@link #length} says. */
    ByteBuffer buffer() {
      return bytes;
    }

    int length() {
      return length;
    }

    /** Returns the bytes that count, to be written. */
    ByteBuffer content() {
      return bytes.clear().limit(length);
    }
  }

  private final List<Chunk> chunks = new ArrayList<>();
  private final ArrayList<LogRecord> changes = new ArrayList<>();
  private final SharedSync done = new SharedSync();
  private long bytes;
  private boolean seals;
  private boolean endsSegment;

  /** Returns the chunk that goes on where the segment ends, or null if there is none with room. */
  @Nullable Chunk openChunk(Segment segment, int size) {
    if (!chunks.isEmpty()) {
      Chunk last = chunks.get(chunks.size() - 1);
      if (last.segment == segment && last.bytes.capacity() - last.length >= size) {
        return last;
      }
    }
    return null;
  }

  Chunk add(Chunk chunk) {
    chunks.add(chunk);
    return chunk;
  }

  /** Makes room for more changes, so that {@link #added} can't fail. */
  void reserve(int more) {
    changes.ensureCapacity(changes.size() + more);
  }

  /** Counts a record that has been written at the end of a chunk. */
  void added(Chunk chunk, LogRecord record) {
    int size = record.size();
    boolean seal = record.type() == RecordFormat.SEAL;
    if (record.isChange()) {
      record.completedBy(done);
      changes.add(record);
    }
    chunk.length += size;
    bytes += size;
    endsSegment = seal;
    seals |= seal;
  }

  /** Counts the records of a batch likewise. */
  void added(Chunk chunk, List<LogRecord> batch) {
    int size = LogRecord.size(batch);
    for (LogRecord record : batch) {
      record.completedBy(done);
    }
    changes.addAll(batch);
    chunk.length += size;
    bytes += size;
    endsSegment = false;
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

  /**
   * Tells of the next change in order, or of those of a batch at once.
   *
   * @param from how many have been told of
   * @return how many have been told of now
   */
  int publish(int from, Publisher publisher) {
    int to = from;
    while (changes.get(to++).hasMore()) {}
    if (to == from + 1) {
      publisher.publish(changes.get(from));
    } else {
      publisher.publish(changes.subList(from, to));
    }
    return to;
  }

  /** Returns the sequence of the last change; there is one. */
  long lastSequence() {
    return changes.get(changes.size() - 1).sequence();
  }

  SharedSync done() {
    return done;
  }
}
