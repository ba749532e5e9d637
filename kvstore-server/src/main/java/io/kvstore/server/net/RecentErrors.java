package io.kvstore.server.net;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The most recent errors. For any thread. */
public final class RecentErrors {
  /** How many are kept. */
  public static final int CAPACITY = 50;

  /** The longest text that is kept of each. */
  private static final int MAX_LENGTH = 500;

  private final Deque<Failure> failures = new ArrayDeque<>();

  /**
   * Something that went wrong.
   *
   * @param source where
   * @param text what, in one line
   */
  public record Failure(Instant time, String source, String text) {}

  /** Adds one, in place of the oldest if there are enough. */
  public synchronized void add(Instant time, String source, String text) {
    if (failures.size() == CAPACITY) {
      failures.removeFirst();
    }
    String kept = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
    failures.addLast(new Failure(time, source, kept));
  }

  /** Returns them, the oldest first. */
  public synchronized List<Failure> all() {
    return List.copyOf(failures);
  }
}
