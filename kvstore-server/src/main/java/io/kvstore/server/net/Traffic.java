package io.kvstore.server.net;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The traffic counters of an endpoint: requests by type and outcome, and latencies. Each event loop
 * has its own counters, so that counting costs no more than two additions; readers sum them up.
 */
public final class Traffic {
  private final List<String> operations;
  private final int outcomes;
  private final RecentErrors errors = new RecentErrors();
  private final Map<Thread, Tally> tallies = new ConcurrentHashMap<>();

  /**
   * Creates counters that are all zero.
   *
   * @param operations the names of the request types
   * @param outcomes the number of outcomes of each; they are numbered from 0
   */
  public Traffic(List<String> operations, int outcomes) {
    this.operations = List.copyOf(operations);
    this.outcomes = outcomes;
  }

  /** The counters of one event loop. */
  static final class Tally {
    private final int width;
    private final AtomicLongArray answers;
    private final LatencyHistogram[] latencies;

    Tally(int operations, int outcomes) {
      width = outcomes;
      answers = new AtomicLongArray(operations * outcomes);
      latencies = new LatencyHistogram[operations];
      for (int i = 0; i < operations; i++) {
        latencies[i] = new LatencyHistogram();
      }
    }

    void answered(int operation, int outcome) {
      int index = operation * width + outcome;
      answers.setOpaque(index, answers.getPlain(index) + 1);
    }

    void took(int operation, long nanos, int times) {
      latencies[operation].add(nanos, times);
    }
  }

  /** Returns the meter of a new connection. Called on its event loop, and used there. */
  public RequestMeter meter() {
    Thread loop = Thread.currentThread();
    return new RequestMeter(
        tallies.computeIfAbsent(loop, l -> new Tally(operations.size(), outcomes)), errors);
  }

  /** The names of the request types, by number. */
  public List<String> operations() {
    return operations;
  }

  public int outcomes() {
    return outcomes;
  }

  /** The most recent internal errors. */
  public RecentErrors errors() {
    return errors;
  }

  /** The number of requests of a type with an outcome. */
  public long answers(int operation, int outcome) {
    long all = 0;
    for (Tally tally : tallies.values()) {
      all += tally.answers.getOpaque(operation * outcomes + outcome);
    }
    return all;
  }

  /** The number of all requests answered. */
  public long answers() {
    long all = 0;
    for (int operation = 0; operation < operations.size(); operation++) {
      for (int outcome = 0; outcome < outcomes; outcome++) {
        all += answers(operation, outcome);
      }
    }
    return all;
  }

  /** The latencies of a request type. */
  public Latencies latencies(int operation) {
    Latencies all = new Latencies();
    for (Tally tally : tallies.values()) {
      tally.latencies[operation].addTo(all);
    }
    return all;
  }
}
