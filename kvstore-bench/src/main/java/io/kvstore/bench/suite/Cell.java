package io.kvstore.bench.suite;

import io.kvstore.bench.rival.Rival;
import java.util.Map;

/**
 * One question to one rival, asked once in each round.
 *
 * @param question its name; failures go to its file
 * @param params what else tells it from others of the question
 * @param unit of what is measured
 * @param seconds how long it takes, roughly
 */
record Cell(
    String question, Rival rival, Map<String, ?> params, String unit, double seconds, Work work) {

  /** Measures, adds what it finds to the results, and returns it in a few words. */
  interface Work {
    String run(Line line) throws Exception;
  }

  Line line(int round) {
    return new Line(question, rival, params, unit, round);
  }

  @Override
  public String toString() {
    return question + " " + line(1).params() + " " + rival.label();
  }
}
