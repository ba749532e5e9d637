package io.kvstore.bench.report;

import java.util.List;
import java.util.Map;

/**
 * A question of the benchmarks, as the report shows it: its title and the kind of its plot.
 *
 * @param title the question as a sentence
 * @param axis name of the quantity, for an axis or the head of a table
 * @param across the parameter that varies within a plot or table; every combination of the others
 *     has its own plot
 */
record Question(String name, String title, String axis, Shape shape, String across) {

  /** How the answers are drawn. */
  enum Shape {
    /** Bars from zero. */
    BARS,
    /** Lines over a param that grows, both axes in powers. */
    LINES,
    /** Lines over the percentiles. */
    PERCENTILES,
    /** Latency over throughput, one panel for each percentile. */
    LOAD,
    /** Not drawn: part of another picture, or not known. */
    NONE
  }

  /** In the order of the report. */
  private static final List<Question> KNOWN =
      List.of(
          rate("get", "How many gets a second?", "gets a second"),
          rate("put", "How many puts (overwrites) a second?", "puts a second"),
          rate("mixed90", "How many operations a second, 90 % gets?", "operations a second"),
          rate("mixed50", "How many operations a second, 50 % gets?", "operations a second"),
          new Question(
              "durablePut",
              "How many durable puts a second?",
              "durable puts a second",
              Shape.LINES,
              "threads"),
          new Question(
              "cpuPerOp",
              "How much processor time for an operation?",
              "processor time an operation",
              Shape.BARS,
              "entries"),
          cost("heapPerEntry", "How much heap for an entry?", "heap an entry"),
          cost("diskPerEntry", "How much disk for an entry?", "disk an entry"),
          new Question(
              "open",
              "How long from opening to the first value?",
              "open to first value",
              Shape.LINES,
              "entries"),
          percentiles("latencyGet", "How long does a get take?", "latency of a get"),
          percentiles("latencyPut", "How long does a put take?", "latency of a put"),
          new Question(
              "serverLatency",
              "How late is the answer at which throughput?",
              "latency",
              Shape.LOAD,
              "rate"),
          new Question(
              "serverThroughput",
              "How many requests a second are answered?",
              "requests a second",
              Shape.NONE,
              "rate"));

  /** Returns the one of that name, or a plain one for a name that the report does not know. */
  static Question of(String name, String unit) {
    return KNOWN.stream()
        .filter(known -> known.name.equals(name))
        .findFirst()
        .orElseGet(() -> new Question(name, name, name + ", " + unit, Shape.NONE, ""));
  }

  /** Returns all that would have a plot if they were asked. */
  static List<Question> drawn() {
    return KNOWN.stream().filter(known -> known.shape != Shape.NONE).toList();
  }

  /** Returns the place in the report; those not known come last. */
  int place() {
    int place = KNOWN.indexOf(this);
    return place < 0 ? KNOWN.size() : place;
  }

  /** Whether these params are drawn: a wait counted from the sending leaves out the worst. */
  boolean draws(Map<String, String> params) {
    return shape != Shape.NONE && !"sinceSent".equals(params.get("measure"));
  }

  private static Question rate(String name, String title, String axis) {
    return new Question(name, title, axis, Shape.BARS, "entries");
  }

  private static Question cost(String name, String title, String axis) {
    return new Question(name, title, axis, Shape.BARS, "state");
  }

  private static Question percentiles(String name, String title, String axis) {
    return new Question(name, title, axis, Shape.PERCENTILES, "percentile");
  }
}
