package io.kvstore.bench.net;

/** Closed-loop load for a given time: an operation is due as soon as there is room for it. */
final class FlatOutWork implements Work {
  private final long endNanos;
  private final Mix mix;

  FlatOutWork(long endNanos, Mix mix) {
    this.endNanos = endNanos;
    this.mix = mix;
  }

  @Override
  public boolean take(int connection, long nowNanos, Task task) {
    if (isOver(nowNanos)) {
      return false;
    }
    mix.draw(nowNanos, task);
    return true;
  }

  @Override
  public boolean isOver(long nowNanos) {
    return nowNanos - endNanos >= 0;
  }
}
