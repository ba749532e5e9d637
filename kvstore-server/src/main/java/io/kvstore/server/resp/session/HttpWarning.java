package io.kvstore.server.resp.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The warning that a client has sent HTTP to the port of the Redis protocol, at most once a minute.
 * Safe for use by any thread.
 */
public final class HttpWarning {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  /** The time without a further line. */
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong next = new AtomicLong(System.nanoTime());

  /** Logs the address of a client, unless another one has been logged a short time ago. */
  public void log(String address) {
    long now = System.nanoTime();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + QUIET_NANOS)) {
      LOG.log(
          Level.WARNING,
          "A client at {0} has sent HTTP to the Redis port, perhaps a web page in its browser; the"
              + " connection was closed",
          address);
    }
  }
}
