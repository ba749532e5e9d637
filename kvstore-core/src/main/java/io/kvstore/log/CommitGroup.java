package io.kvstore.log;

import io.kvstore.platform.SharedSync;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit group: the records that one sync will cover. It has their bytes, in chunks by position
 * in the log, and the changes among them. Guarded by the lock of the {@link GroupCommitWriter}
 * until it is taken for writing.
 */
final class CommitGroup {

  /** A contiguous range of bytes of one segment. */
  static final class Chunk {
    private final Segment segment;
    private final int from;
    private final ByteBuffer bytes;

    /** The number of valid bytes; those behind are unused, or left by a failed attempt. */
    private int length;

    Chunk(Segment segment, int from, ByteBuffer bytes) {
      this.segment = segment;
      this.from = from;
      this.bytes = bytes;
    }

    Segment segment() {
      return segment;
    }

    /** Returns the offset of the chunk in the segment. */
    int from() {
      return from;
    }

    int to() {
      return from + length;
    }

    /** Returns the buffer; the next record is written at {@link #length}. */
    ByteBuffer buffer() {
      return bytes;
    }

    int length() {
      return length;
    }

    /** Returns the valid bytes, to be written. */
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
  private boolean syncBegun;
  private boolean isSynced;

  /** The number of changes that are published. */
  private int published;

  /**
   * Returns the chunk that continues at the end of the segment, or null if there is none with room.
   */
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

  /** Reserves space for more changes, so that {@link #added} can't fail. */
  void reserve(int more) {
    changes.ensureCapacity(changes.size() + more);
  }

  /** Counts a record that was written at the end of a chunk. */
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

  /** Counts the records of a batch that were written at the end of a chunk. */
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

  /**
   * Returns whether the group has to be committed: one with only sync markers can wait for the
   * next.
   */
  boolean isAwaited() {
    return seals || !changes.isEmpty();
  }

  /**
   * Returns whether its last record is a seal, so that nothing more is appended to that segment.
   */
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

  /** Returns the number of changes. */
  int changes() {
    return changes.size();
  }

  List<Chunk> chunks() {
    return chunks;
  }

  // ---- the commit, on the thread of the writer

  /** Requires that no sync of the group has been begun: none is repeated. */
  void beginSync() throws IOException {
    if (syncBegun) {
      throw new IOException("an Error has ended an earlier attempt");
    }
    syncBegun = true;
  }

  void synced() {
    isSynced = true;
  }

  boolean isSynced() {
    return isSynced;
  }

  boolean isPublished() {
    return published == changes.size();
  }

  /** Publishes the next change in order, or all of a batch at once. */
  void publishNext(Publisher publisher) {
    int to = published;
    while (changes.get(to++).hasMore()) {}
    if (to == published + 1) {
      publisher.publish(changes.get(published));
    } else {
      publisher.publish(changes.subList(published, to));
    }
    published = to;
  }

  /** Returns the sequence of the last change; there must be one. */
  long lastSequence() {
    return changes.get(changes.size() - 1).sequence();
  }

  SharedSync done() {
    return done;
  }
}
