package io.kvstore.bench.net;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes event loops when an operation is due. An event loop's own timers count milliseconds, and
 * for less it would spin, on a processor that the server may need.
 */
final class Pacer implements AutoCloseable {
  /** What is due within such a time is sent together. */
  private static final long MIN_WAIT_NANOS = 50_000;

  private static final long MAX_WAIT_NANOS = 1_000_000;

  private final List<LoadLoop> loops;
  private final Thread thread = new Thread(this::run, "load-pacer");
  private volatile boolean ended;

  private Pacer(List<LoadLoop> loops) {
    this.loops = loops;
  }

  static Pacer start(List<LoadLoop> loops) {
    Pacer pacer = new Pacer(loops);
    pacer.thread.setDaemon(true);
    pacer.thread.start();
    return pacer;
  }

  private void run() {
    while (!ended) {
      long now = System.nanoTime();
      long wait = MAX_WAIT_NANOS;
      for (LoadLoop loop : loops) {
        wait = Math.min(wait, loop.wakeIfDue(now));
      }
      LockSupport.parkNanos(Math.max(MIN_WAIT_NANOS, wait));
    }
  }

  @Override
  public void close() {
    ended = true;
    LockSupport.unpark(thread);
  }
}
