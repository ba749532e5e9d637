package io.kvstore.log;

/**
 * The writer tags, which distinguish the current opening of a store from all others. A tag is a
 * random number in the notes of sync markers and seals: the same records, written in two copies of
 * one directory, are followed by different sync markers.
 */
public interface WriterTags {
  /** The tags of a log without a directory. */
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

  /** Returns the tag of this opening, or 0 until it has been claimed. */
  int own();

  /**
   * Claims the tag durably, and returns it; 0 if that is not possible now. Called before the first
   * write, without any lock, since it waits for the disk.
   */
  int claim();

  /** Returns whether a tag other than 0 belongs to this opening or an earlier one. */
  boolean isKnown(int tag);

  /**
   * Returns the tail of the log that the earlier openings have left; {@link LogTail#NONE} if not
   * known.
   */
  LogTail left();
}
