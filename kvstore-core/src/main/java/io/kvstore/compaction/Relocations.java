package io.kvstore.compaction;

import java.util.Arrays;
import java.util.BitSet;

/** The records that a round of compaction keeps, in the order in which it writes them. */
public final class Relocations {
  /** Stands for a hash's record that no index points at: a tombstone, or one found stale. */
  private static final long NOWHERE = -1;

  private static final int FIRST_LENGTH = 1024;

  private long[] hashes = new long[FIRST_LENGTH];
  private long[] from = new long[FIRST_LENGTH];
  private long[] to = new long[FIRST_LENGTH];
  private int[] sizes = new int[FIRST_LENGTH];

  /** Which of them the indexes have been told of, with success. */
  private final BitSet done = new BitSet();

  private int count;

  /**
   * @param size bytes of the record
   * @param inIndex whether an index points at the record, and has to be told
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

  /** Returns how many there are. */
  public int count() {
    return count;
  }

  /** Tells whether an index has to be told of a record. */
  public boolean inIndex(int i) {
    return to[i] != NOWHERE;
  }

  /** Returns how many bytes a record has. */
  int size(int i) {
    return sizes[i];
  }

  /** Returns the hash of a record's key. */
  public long hash(int i) {
    return hashes[i];
  }

  /** Returns where a record lay. */
  public long from(int i) {
    return from[i];
  }

  /** Returns where a record lies now. */
  public long to(int i) {
    return to[i];
  }

  /** Learns that no index points at a record any more, so that there is nothing to take back. */
  public void missed(int i) {
    to[i] = NOWHERE;
  }

  /** Makes room to note of each move that it is done, which then needs no memory. */
  void prepare() {
    done.set(count);
  }

  /** Learns that the index points at where a record lies now. */
  public void done(int i) {
    done.set(i);
  }

  /** Learns that it does not, or no more. */
  public void undone(int i) {
    done.clear(i);
  }

  /** Tells whether the index has been pointed at where a record lies now, so may point there. */
  public boolean isDone(int i) {
    return done.get(i);
  }
}
