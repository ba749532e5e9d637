package io.kvstore.compaction;

import io.kvstore.log.Log;
import io.kvstore.log.WriterTags;
import io.kvstore.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the output segments of compaction, one at a time, through a buffer that is reused. Not
 * thread-safe.
 */
final class OutputWriter {
  private final Log log;
  private final CompactedFiles files;
  private final boolean checksums;
  private final WriterTags tags;

  /** Null before the first output. */
  private @Nullable ByteBuffer buffer;

  OutputWriter(Compaction.Parts parts) {
    this.log = parts.log();
    this.files = parts.files();
    this.checksums = parts.checksums();
    this.tags = parts.tags();
  }

  /**
   * Writes a part of the live records into a segment of its own, syncs it, and adds it to the
   * segment table.
   *
   * @param sequence of the last change that the segment may contain
   * @throws IOException if the segment can't be written; nothing is left of it then
   */
  Segment write(LiveRecordCollector kept, LiveRecordCollector.Part part, long sequence)
      throws IOException {
    CompactedFiles.Output output = null;
    try {
      output = files.create(part.capacity());
      CompactionWriter writer = new CompactionWriter(output, buffer(part.capacity()), checksums);
      int[] offsets = new int[part.to() - part.from()];
      for (int i = part.from(); i < part.to(); i++) {
        offsets[i - part.from()] = writer.end();
        kept.copy(i, writer);
      }
      Segment segment = writer.finish(sequence, tags.claim());
      log.segments().stage(segment);
      kept.written(part, segment.place(), offsets);
      return segment;
    } catch (Throwable e) {
      if (output != null) {
        output.abandon();
      }
      throw e;
    }
  }

  private ByteBuffer buffer(int capacity) {
    ByteBuffer known = buffer;
    if (known == null || known.capacity() < CompactionWriter.bufferBytes(capacity)) {
      known = CompactionWriter.newBuffer(capacity);
      buffer = known;
    }
    return known;
  }
}
