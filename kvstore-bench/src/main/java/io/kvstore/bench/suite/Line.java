package io.kvstore.bench.suite;

import io.kvstore.bench.ResultLine;
import io.kvstore.bench.rival.Rival;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One result of a rival: the samples, or the reason why there are none.
 *
 * @param question its name, also that of the file
 * @param rival the rival measured
 * @param params further parameters: numbers and words
 * @param unit of the samples
 * @param round from 1
 */
record Line(String question, Rival rival, Map<String, ?> params, String unit, int round) {

  Line {
    params = new TreeMap<String, Object>(params); // the same order in every line
  }

  /** Returns it as JSON, with what was measured. */
  String withSamples(List<Double> samples) {
    return line().withSamples(samples);
  }

  /** Returns it as JSON, with a sentence that says why there is nothing. */
  String withFailure(String sentence) {
    return line().withFailure(sentence);
  }

  private ResultLine line() {
    return new ResultLine(question, rival.label(), params, unit, round);
  }
}
