package io.kvstore.server.resp;

import java.util.concurrent.atomic.AtomicLong;

/** What has happened at this door since the server was started. */
final class Counters {
  private final long startedMillis = System.currentTimeMillis();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private volatile long savedMillis = startedMillis;

  long startedMillis() {
    return startedMillis;
  }

  long connected() {
    return connections.incrementAndGet();
  }

  long connections() {
    return connections.get();
  }

  void rejected() {
    rejected.incrementAndGet();
  }

  long rejections() {
    return rejected.get();
  }

  /** Says that everything has been synced because a client had asked for it. */
  void saved() {
    savedMillis = System.currentTimeMillis();
  }

  long savedMillis() {
    return savedMillis;
  }
}
