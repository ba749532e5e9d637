package io.kvstore.bench.report;

import io.kvstore.bench.Samples;

/**
 * Median, least and most of the rounds of one measurement.
 *
 * @param rounds how many there were, at least one
 */
record Spread(double median, double least, double most, int rounds) {

  /** Returns that of the figures, one for each round. */
  static Spread of(Iterable<Double> perRound) {
    Samples samples = new Samples();
    int rounds = 0;
    for (double figure : perRound) {
      samples.add(figure);
      rounds++;
    }
    return new Spread(samples.median(), samples.least(), samples.most(), rounds);
  }
}
