package io.kvstore.bench.net;

/** The next operation of a connection, as a reusable object. */
final class Task {
  private boolean put;
  private int key;
  private long dueNanos;

  void put(int key, long dueNanos) {
    set(true, key, dueNanos);
  }

  void get(int key, long dueNanos) {
    set(false, key, dueNanos);
  }

  private void set(boolean put, int key, long dueNanos) {
    this.put = put;
    this.key = key;
    this.dueNanos = dueNanos;
  }

  boolean isPut() {
    return put;
  }

  /** The key's number within its thread. */
  int key() {
    return key;
  }

  long dueNanos() {
    return dueNanos;
  }
}
