package io.kvstore.compaction;

import io.kvstore.files.SegmentList;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The storage for the output of compaction: files of a directory, or buffers in memory. */
public interface CompactedFiles {

  /** The output of one segment, written sequentially. */
  interface Output {
    /** Returns the header of the segment. */
    SegmentHeader header();

    /** Appends all remaining bytes of a buffer. */
    void write(ByteBuffer bytes) throws IOException;

    /** Finishes the segment: on return all of it would survive a power cut. */
    Segment finish() throws IOException;

    /** Releases the output if it was not finished. */
    void abandon();
  }

  /** Creates a segment that is not part of the store yet. */
  Output create(int capacity) throws IOException;

  /**
   * Commits a compaction: makes a segment list the valid one.
   *
   * @param listed called immediately before: after a later failure it is in doubt whether the list
   *     is valid, now or after a power cut
   */
  void commit(SegmentList list, Runnable listed) throws IOException;

  /** Returns the usable space, in bytes; the largest long if it is not limited. */
  long usableBytes() throws IOException;

  /**
   * Deletes the files of segments that are not in the segment list, or keeps them as spare files.
   * On failure they are left to the next opening.
   *
   * @param table determines which of them can't be reached any more
   * @param diskBytes the size of all other segments
   * @return the segments whose files still exist
   */
  List<Segment> delete(List<Segment> segments, SegmentTable table, long diskBytes);

  /** Returns the number of bytes of deleted files that are still mapped. */
  long unreleasedBytes();

  /** Returns the size of all spare files, in bytes. */
  long spareBytes();

  /** Deletes all spare files. */
  void clearSpares() throws IOException;
}
