package io.kvstore.server.net;

import java.time.Instant;

/**
 * Measures the requests of one connection, on its event loop. Requests that arrive together are
 * answered together, so they have taken the same time: from when the first was known until all
 * answers were written. The clock is read twice for all of them.
 */
public final class RequestMeter {
  private final Traffic.Tally tally;
  private final RecentErrors errors;
  private boolean running;
  private boolean overdue;
  private long start = System.nanoTime();
  private int operation;
  private int answers;

  RequestMeter(Traffic.Tally tally, RecentErrors errors) {
    this.tally = tally;
    this.errors = errors;
  }

  /** A request is known. */
  public void begun() {
    if (!running) {
      running = true;
      start = System.nanoTime();
    }
  }

  /** Returns when the first of those that arrived last was known, as {@link System#nanoTime}. */
  public long startNanos() {
    return start;
  }

  /** It is answered, though not sent yet. */
  public void answered(int answeredOperation, int outcome) {
    begun();
    tally.answered(answeredOperation, outcome);
    if (answers > 0 && answeredOperation != operation) {
      measure(System.nanoTime());
    }
    operation = answeredOperation;
    answers++;
    if (overdue) {
      // What comes behind it has not waited as long.
      long now = System.nanoTime();
      measure(now);
      start = now;
      overdue = false;
    }
  }

  /**
   * What was answered is sent.
   *
   * @param isBusy whether there is a request that is not answered
   */
  public void sent(boolean isBusy) {
    if (answers > 0) {
      measure(System.nanoTime());
    }
    running = isBusy;
    overdue = isBusy;
  }

  /** Something went wrong that the client is not to blame for. */
  public void failed(String source, String text) {
    errors.add(Instant.now(), source, text);
  }

  private void measure(long now) {
    tally.took(operation, now - start, answers);
    answers = 0;
  }
}
