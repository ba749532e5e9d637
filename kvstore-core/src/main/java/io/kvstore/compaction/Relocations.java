package io.kvstore.compaction;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The relocations of a compaction round: the records that it keeps, in the order in which it writes
 * them, with their old and new locations.
 */
public final class Relocations {
  /**
   * In place of a location, for a record that no index points at: a tombstone, or one found stale.
   */
  private static final long NOWHERE = -1;

  private static final int FIRST_LENGTH = 1024;

  private long[] hashes = new long[FIRST_LENGTH];
  private long[] from = new long[FIRST_LENGTH];
  private long[] to = new long[FIRST_LENGTH];
  private int[] sizes = new int[FIRST_LENGTH];

  /** The relocations that have been applied to the indexes. */
  private final BitSet done = new BitSet();

  private int count;

  /**
   * @param size the size of the record, in bytes
   * @param inIndex whether an index points at the record, and has to be updated
   */
  void add(long hash, long location, int size, boolean inIndex) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * count);
      from = Arrays.copyOf(from, 2 * count);
      to = Arrays.copyOf(to, 2 * count);
      sizes = Arrays.copyOf(sizes, 2 * count);
    }
    hashes[count] = hash;
    from[count] = location;
    to[count] = inIndex ? 0 : NOWHERE;
    sizes[count] = size;
    count++;
  }

  void written(int i, long location) {
    if (to[i] != NOWHERE) {
      to[i] = location;
    }
  }

  /** Returns the number of relocations. */
  public int count() {
    return count;
  }

  /** Returns whether an index has to be updated for a record. */
  public boolean inIndex(int i) {
    return to[i] != NOWHERE;
  }

  /** Returns the size of a record, in bytes. */
  int size(int i) {
    return sizes[i];
  }

  /** Returns the hash of a record's key. */
  public long hash(int i) {
    return hashes[i];
  }

  /** Returns the old location of a record. */
  public long from(int i) {
    return from[i];
  }

  /** Returns the new location of a record. */
  public long to(int i) {
    return to[i];
  }

  /** Records that no index points at a record any more, so that there is nothing to revert. */
  public void missed(int i) {
    to[i] = NOWHERE;
  }

  /** Reserves memory, so that {@link #done} needs none. */
  void prepare() {
    done.set(count);
  }

  /** Records that the index points at the new location of a record. */
  public void done(int i) {
    done.set(i);
  }

  /** Records that the index does not point at the new location, or not any more. */
  public void undone(int i) {
    done.clear(i);
  }

  /**
   * Returns whether the relocation of a record was applied, so that the index may point at its new
   * location.
   */
  public boolean isDone(int i) {
    return done.get(i);
  }
}
