package io.kvstore.log;

/**
 * Tells the opening of a store that writes now from all others. A tag is a random number that marks
 * and seals carry: the same records, written in two copies of one directory, end in different
 * marks.
 */
public interface WriterTags {
  /** For logs that belong to no directory. */
  WriterTags NONE =
      new WriterTags() {
        @Override
        public int own() {
          return 0;
        }

        @Override
        public int claim() {
          return 0;
        }

        @Override
        public boolean isKnown(int tag) {
          return false;
        }

        @Override
        public LogTail left() {
          return LogTail.NONE;
        }
      };

  /** Returns the tag of this opening, or 0 for as long as it is not known to be this one's. */
  int own();

  /**
   * Makes the tag known, durably, and returns it; 0 if that can't be done for now. To be called
   * before the first write, without any lock: it waits for the disk.
   */
  int claim();

  /** Tells whether a tag, other than 0, is that of this opening or of one before. */
  boolean isKnown(int tag);

  /** Returns where those before have left the log; {@link LogTail#NONE} if that is not known. */
  LogTail left();
}
