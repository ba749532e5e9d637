package io.kvstore.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures hiccups: a thread sleeps a millisecond at a time, and records when it woke up late.
 * These are delays of the machine and its scheduler, and pauses of the JVM, which the store has not
 * caused.
 */
final class Hiccups {
  private static final long SLEEP_NANOS = 1_000_000;
  private static final long NOTED_NANOS = 3_000_000;
  private static final int MAX_NOTED = 1_000_000;

  private final List<Span> noted = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "hiccups");
  private volatile boolean ended;

  private Hiccups() {}

  static Hiccups start() {
    Hiccups hiccups = new Hiccups();
    hiccups.thread.setDaemon(true);
    hiccups.thread.start();
    return hiccups;
  }

  private void run() {
    while (!ended) {
      long due = System.nanoTime() + SLEEP_NANOS;
      LockSupport.parkNanos(SLEEP_NANOS);
      long now = System.nanoTime();
      if (now - due >= NOTED_NANOS && noted.size() < MAX_NOTED) {
        noted.add(new Span(due, now));
      }
    }
  }

  /** Ends the thread. */
  void end() throws InterruptedException {
    ended = true;
    thread.join();
  }

  /** Returns the delays of 3 ms and more; to be called after {@link #end()}. */
  List<Span> noted() {
    return noted;
  }
}
