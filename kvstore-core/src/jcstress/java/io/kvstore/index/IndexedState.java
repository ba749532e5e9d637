package io.kvstore.index;

import io.kvstore.segment.StressSegments;

/** An index and its segments, in which a key is one byte and its hash is what a test chooses. */
abstract class IndexedState {
  static final int ABSENT = StressSegments.ABSENT;

  /** As many entries as the smallest index takes. */
  static final int FULL = 9;

  private static final int TAG_SHIFT = 40;

  final StressSegments segments = new StressSegments(2);
  final KeyIndex index = new KeyIndex(segments.segments());
  final StressSegments.Written first = segments.add();

  /** Returns a hash that is looked for from the start of an index on, as all of a few tags are. */
  static long hash(int tag) {
    return (long) tag << TAG_SHIFT;
  }

  static byte[] key(int key) {
    return new byte[] {(byte) key};
  }

  /** Writes a record, and points the index at it. */
  final void put(StressSegments.Written to, int key, int value) {
    point(key, to.put(key, value));
  }

  /** Points the index at a record. */
  final void point(int key, long location) {
    index.point(index.locate(hash(key), key(key)), hash(key), location);
  }

  final void remove(int key) {
    index.remove(index.locate(hash(key), key(key)));
  }

  final void fill() {
    for (int key = 1; key <= FULL; key++) {
      put(first, key, key);
    }
  }

  final int find(int key) {
    return StressSegments.value(index.find(hash(key), key(key)));
  }
}
