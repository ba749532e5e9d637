package io.kvstore.compaction;

/** What compaction asks of the indexes, and tells them. For one thread at a time. */
public interface IndexAccess {

  /** Returns once every change that was appended before the call, and may be shown, is shown. */
  void settle();

  /** Returns the hash of the key at the start of an array. */
  long hash(byte[] key, int length);

  /** Brings near what {@link #isLive} will look at for some hashes, and returns anything. */
  long fetch(long[] hashes, int count);

  /** Tells whether an index points at a location. */
  boolean isLive(long hash, long location);

  /**
   * Tells whether an index points at any place of a segment from one offset up to another; looks at
   * all of the indexes.
   */
  boolean pointsInto(int place, int from, int to);

  /** Returns the lowest sequence that a snapshot is open at; the largest long if there is none. */
  long oldestSnapshot();

  /** Tells whether a key has an entry for sure. */
  boolean hasEntry(long hash, byte[] key);

  /**
   * Points the indexes at where records have been moved to, and counts the new record as stale
   * where the index points at neither any more; that move is {@link Relocations#missed} then.
   */
  void moved(Relocations moves);

  /** Points the indexes back at where the records came from. */
  void takeBack(Relocations moves);
}
