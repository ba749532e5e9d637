package io.kvstore.platform;

import java.util.Arrays;

/** A growable list of primitive longs. */
public final class LongList {
  private static final int FIRST_LENGTH = 256;

  private long[] values = new long[FIRST_LENGTH];
  private int size;

  public void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  public long get(int i) {
    return values[i];
  }

  public int size() {
    return size;
  }

  public void sortUnsigned() {
    for (int i = 0; i < size; i++) {
      values[i] ^= Long.MIN_VALUE;
    }
    Arrays.sort(values, 0, size);
    for (int i = 0; i < size; i++) {
      values[i] ^= Long.MIN_VALUE;
    }
  }

  public long[] toArray() {
    return Arrays.copyOf(values, size);
  }

  public void clear() {
    size = 0;
  }
}
