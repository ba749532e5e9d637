package io.kvstore.server.net;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The most recent errors. Safe for use by any thread. */
public final class RecentErrors {
  /** The number of errors that are kept. */
  public static final int CAPACITY = 50;

  /** The length to which texts are cut. */
  private static final int MAX_LENGTH = 500;

  private final Deque<Failure> failures = new ArrayDeque<>();

  /**
   * An error.
   *
   * @param source the part of the server that reported it
   * @param text the message, in one line
   */
  public record Failure(Instant time, String source, String text) {}

  /** Adds an error, in place of the oldest if the list is full. */
  public synchronized void add(Instant time, String source, String text) {
    if (failures.size() == CAPACITY) {
      failures.removeFirst();
    }
    String kept = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
    failures.addLast(new Failure(time, source, kept));
  }

  /** Returns the errors, the oldest first. */
  public synchronized List<Failure> all() {
    return List.copyOf(failures);
  }
}
