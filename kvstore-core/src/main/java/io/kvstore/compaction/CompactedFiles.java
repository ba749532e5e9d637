package io.kvstore.compaction;

import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentList;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Where compaction leaves what it has written: files of a directory, or buffers in memory. */
public interface CompactedFiles {

  /** Takes the bytes of a segment, front to back. */
  interface Output {
    /** Returns the header that the segment will have. */
    SegmentHeader header();

    /** Writes all remaining bytes of a buffer behind what was written before. */
    void write(ByteBuffer bytes) throws IOException;

    /** Ends it: on return all of it would survive a power cut. */
    Segment finish() throws IOException;

    /** Gives back what was taken, if it was not finished. */
    void abandon();
  }

  /** Starts a segment that belongs to nothing yet. */
  Output create(int capacity) throws IOException;

  /**
   * Makes a list of segments the one that counts.
   *
   * @param listed called just before it does: what fails from then on leaves it in doubt whether it
   *     does, now or after a power cut
   */
  void commit(SegmentList list, Runnable listed) throws IOException;

  /** Returns how many bytes could be written; the largest long where nothing limits that. */
  long usableBytes() throws IOException;

  /**
   * Deletes the files of segments that no list names, or keeps them to write others into. What
   * fails is left to the next opening.
   *
   * @param table knows which of them can't be reached any more
   * @param diskBytes what all other segments take
   * @return those whose files are still there
   */
  List<Segment> delete(List<Segment> segments, SegmentTable table, long diskBytes);

  /** Returns how many bytes of deleted files are held for their mapping. */
  long unreleasedBytes();

  /** Returns how many bytes the files have that are kept to write others into. */
  long spareBytes();

  /** Deletes those. */
  void clearSpares() throws IOException;
}
