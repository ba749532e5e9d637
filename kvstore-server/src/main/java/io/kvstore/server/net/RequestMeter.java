package io.kvstore.server.net;

import java.time.Instant;

/**
 * The meter of one connection's requests, used on its event loop. Pipelined requests are answered
 * together, and so have the same latency: from when the first was received until all responses were
 * written. The clock is read twice for all of them.
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

  /** Records the start of a request. */
  public void begun() {
    if (!running) {
      running = true;
      start = System.nanoTime();
    }
  }

  /**
   * Returns when the first request of the latest batch was received, as {@link System#nanoTime}.
   */
  public long startNanos() {
    return start;
  }

  /** Records the outcome of a request, whose response is not sent yet. */
  public void answered(int answeredOperation, int outcome) {
    begun();
    tally.answered(answeredOperation, outcome);
    if (answers > 0 && answeredOperation != operation) {
      measure(System.nanoTime());
    }
    operation = answeredOperation;
    answers++;
    if (overdue) {
      // Requests that follow have not waited as long.
      long now = System.nanoTime();
      measure(now);
      start = now;
      overdue = false;
    }
  }

  /**
   * Records that the responses so far are sent.
   *
   * @param isBusy whether a request is not answered yet
   */
  public void sent(boolean isBusy) {
    if (answers > 0) {
      measure(System.nanoTime());
    }
    running = isBusy;
    overdue = isBusy;
  }

  /** Records an internal error. */
  public void failed(String source, String text) {
    errors.add(Instant.now(), source, text);
  }

  private void measure(long now) {
    tally.took(operation, now - start, answers);
    answers = 0;
  }
}
