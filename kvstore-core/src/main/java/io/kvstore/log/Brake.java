package io.kvstore.log;

import java.util.concurrent.locks.LockSupport;

/** Slows writers down while compaction says that they are ahead of it. */
final class Brake {
  /** How long a write waits at most for compaction to catch up. */
  private static final long BRAKE_NANOS = 50_000;

  private final Events events;
  private volatile boolean braking;

  Brake(Events events) {
    this.events = events;
  }

  /** Waits a little, if writers are to; called before a write takes any lock. */
  void await() {
    if (braking) {
      LockSupport.parkNanos(BRAKE_NANOS);
    }
  }

  /** Says whether each write is to wait a little; for one thread. */
  void set(boolean on) {
    if (on != braking) {
      braking = on;
      events.tell(listener -> listener.onBrake(on));
    }
  }
}
