package io.kvstore.compaction;

/**
 * The access of compaction to the indexes: liveness of records, and updates of their locations. For
 * one thread at a time.
 */
public interface IndexAccess {

  /**
   * Waits until every change that was appended before the call, and may be visible, is applied to
   * the indexes.
   */
  void settle();

  /** Returns the hash of the key at the start of an array. */
  long hash(byte[] key, int length);

  /**
   * Prefetches the slots that {@link #isLive} will read for some hashes; the returned value has no
   * meaning.
   */
  long fetch(long[] hashes, int count);

  /** Returns whether an index points at a location. */
  boolean isLive(long hash, long location);

  /** Returns whether an index points into a range of a segment; scans all indexes. */
  boolean pointsInto(int place, int from, int to);

  /** Returns the lowest sequence of an open snapshot; the largest long if there is none. */
  long oldestSnapshot();

  /** Returns whether a key certainly has an entry. */
  boolean hasEntry(long hash, byte[] key);

  /**
   * Updates the indexes with the new locations of records. If the index no longer points at a
   * record, its copy is counted as stale, and the relocation is {@link Relocations#missed}.
   */
  void moved(Relocations moves);

  /** Reverts relocations: updates the indexes with the old locations. */
  void revert(Relocations moves);
}
