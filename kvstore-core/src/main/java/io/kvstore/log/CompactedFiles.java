package io.kvstore.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where compaction leaves what it has written: files of a directory, or buffers in memory. */
interface CompactedFiles {

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
   * Deletes a segment's file that no list names; failing that, the next opening does.
   *
   * @return whether it is gone
   */
  boolean delete(Segment segment);
}
