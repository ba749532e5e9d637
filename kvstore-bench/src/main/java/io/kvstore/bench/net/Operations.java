package io.kvstore.bench.net;

/** The operations of one connection in flight, oldest first. */
final class Operations {
  private final long[] dueNanos;
  private final long[] sentNanos;
  private final int[] keys;

  /** Of a put its version, of a get 0. */
  private final int[] versions;

  /** Of a put what it supersedes, of a get the oldest version that it may see. */
  private final int[] bounds;

  private int oldest;
  private int count;

  Operations(int capacity) {
    dueNanos = new long[capacity];
    sentNanos = new long[capacity];
    keys = new int[capacity];
    versions = new int[capacity];
    bounds = new int[capacity];
  }

  boolean isEmpty() {
    return count == 0;
  }

  boolean isFull() {
    return count == keys.length;
  }

  /** Adds an operation; there has to be room. */
  void add(Task task, long nowNanos, int version, int bound) {
    int at = (oldest + count) % keys.length;
    dueNanos[at] = task.dueNanos();
    sentNanos[at] = nowNanos;
    keys[at] = task.key();
    versions[at] = version;
    bounds[at] = bound;
    count++;
  }

  /** Takes the oldest one away. */
  void remove() {
    oldest = (oldest + 1) % keys.length;
    count--;
  }

  // Of the oldest one:

  boolean isPut() {
    return versions[oldest] > 0;
  }

  long dueNanos() {
    return dueNanos[oldest];
  }

  long sentNanos() {
    return sentNanos[oldest];
  }

  int key() {
    return keys[oldest];
  }

  int version() {
    return versions[oldest];
  }

  int bound() {
    return bounds[oldest];
  }
}
