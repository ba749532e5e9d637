package io.kvstore.bench.suite;

import io.kvstore.bench.rival.Rival;
import java.util.Map;

/**
 * A cell of the result matrix: one question for one rival, measured once in each round.
 *
 * @param question its name; failures go to its file
 * @param params further parameters
 * @param unit of the samples
 * @param seconds how long it takes, roughly
 */
record Cell(
    String question, Rival rival, Map<String, ?> params, String unit, double seconds, Work work) {

  /** Measures, adds to the results, and returns a short description. */
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
