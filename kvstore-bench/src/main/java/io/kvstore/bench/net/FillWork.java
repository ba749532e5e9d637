package io.kvstore.bench.net;

/** One put of every key, unthrottled. */
final class FillWork implements Work {
  private final int keys;
  private int next;

  FillWork(int keys) {
    this.keys = keys;
  }

  @Override
  public boolean take(int connection, long nowNanos, Task task) {
    if (next == keys) {
      return false;
    }
    task.put(next++, nowNanos);
    return true;
  }

  @Override
  public boolean isOver(long nowNanos) {
    return next == keys;
  }
}
