package io.kvstore.server.net;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The turn of one connection on its event loop: what it may do before the other connections of the
 * loop get theirs. Counts units of work, about a microsecond each, so that a turn of cheap requests
 * costs no look at the clock; a long turn looks now and then, and ends when its time is up.
 *
 * <p>Used on the connection's event loop only.
 */
public final class Turn {
  /** The units of work of a turn. A plain request is one unit. */
  public static final int MAX_WORK = 128;

  /** The bytes that are copied, parsed or hashed in one unit. */
  public static final int BYTES_PER_UNIT = 1 << 10;

  /** The time limit of a turn, in case that a unit takes longer than it should: 0.25 ms. */
  public static final long MAX_NANOS = 250_000;

  private static final int WORK_PER_LOOK = 32;
  private static final long NOT_STARTED = 0;

  private long work;
  private long nextLook = WORK_PER_LOOK;
  private long startNanos = NOT_STARTED;

  /** Begins the next turn. */
  public void begin() {
    work = 0;
    restartClock();
  }

  /** Begins to measure the time anew, because the connection has waited for something. */
  public void restartClock() {
    nextLook = work + WORK_PER_LOOK;
    startNanos = NOT_STARTED;
  }

  /** Adds work that has been done, or is about to be. */
  public void spend(long units) {
    work += units;
  }

  /** Has the clock looked at by the next {@link #isOver}, for work that was not counted. */
  public void look() {
    nextLook = work;
  }

  /** Whether other connections must get their turns first. */
  public boolean isOver() {
    return work >= MAX_WORK || (work >= nextLook && isTimeUp());
  }

  private boolean isTimeUp() {
    long now = System.nanoTime();
    if (startNanos == NOT_STARTED) {
      startNanos = now;
    }
    nextLook = work + WORK_PER_LOOK;
    if (now - startNanos < MAX_NANOS) {
      return false;
    }
    work = MAX_WORK;
    return true;
  }

  /** Returns the units of work of a number of bytes. */
  public static long ofBytes(long bytes) {
    return bytes / BYTES_PER_UNIT;
  }

  /**
   * Runs a task after all other connections of an event loop have had a turn. {@link
   * EventExecutor#execute} would not do: the loop runs such tasks, and those that they add, before
   * it looks at the sockets again.
   */
  public static void letOthersRun(EventExecutor loop, Runnable next) {
    var unused = loop.schedule(next, 1, TimeUnit.NANOSECONDS);
  }
}
