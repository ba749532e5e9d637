package io.kvstore.engine;

import java.util.Arrays;

/** A list of longs that grows. */
final class LongList {
  private static final int FIRST_LENGTH = 256;

  private long[] values = new long[FIRST_LENGTH];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  long get(int i) {
    return values[i];
  }

  int size() {
    return size;
  }

  void sortUnsigned() {
    for (int i = 0; i < size; i++) {
      values[i] ^= Long.MIN_VALUE;
    }
    Arrays.sort(values, 0, size);
    for (int i = 0; i < size; i++) {
      values[i] ^= Long.MIN_VALUE;
    }
  }

  void clear() {
    size = 0;
  }
}
