package io.kvstore.server.resp.session;

import java.util.concurrent.atomic.AtomicLong;

/** The counters of the Redis protocol since the server was started. */
public final class Counters {
  private final long startedMillis = System.currentTimeMillis();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private volatile long savedMillis = startedMillis;

  public long startedMillis() {
    return startedMillis;
  }

  long connected() {
    return connections.incrementAndGet();
  }

  public long connections() {
    return connections.get();
  }

  public void rejected() {
    rejected.incrementAndGet();
  }

  public long rejections() {
    return rejected.get();
  }

  /** Records a sync that a client has requested. */
  public void saved() {
    savedMillis = System.currentTimeMillis();
  }

  public long savedMillis() {
    return savedMillis;
  }
}
