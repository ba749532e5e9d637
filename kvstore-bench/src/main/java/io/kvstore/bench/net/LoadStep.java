package io.kvstore.bench.net;

/** One step of a run, and its result. */
record LoadStep(Pace pace, Period period, Tally tally) {
  LoadStep(Pace pace, Period period) {
    this(pace, period, new Tally());
  }

  /** Returns how many operations a second were answered as they should be. */
  double reachedPerSecond() {
    return tally.completed() / period.measuredSeconds();
  }

  /** Returns whether every operation that was sent was answered so. */
  boolean isFlawless() {
    return tally.bad() == 0 && tally.failed() == 0;
  }
}
