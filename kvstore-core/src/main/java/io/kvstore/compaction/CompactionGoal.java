package io.kvstore.compaction;

/** How far compaction goes; each step further costs more rewriting for less room. */
public enum CompactionGoal {
  /** While writes go on: enough for the bound of twice what is live. */
  UNDER_LOAD(1.7, 1.0 / 16),

  /** When no write has come for a while. */
  IDLE(1.15, 1.0 / 64),

  /** When somebody waits for it. */
  ALL(1.0, 1.0 / 64);

  private final double ratio;
  private final double minShare;

  CompactionGoal(double ratio, double minShare) {
    this.ratio = ratio;
    this.minShare = minShare;
  }

  /** Returns how large the sealed segments may be, as a multiple of what is live in them. */
  double ratio() {
    return ratio;
  }

  /** Returns the least share of garbage for which a segment is rewritten. */
  double minShare() {
    return minShare;
  }

  boolean isThorough() {
    return this == ALL;
  }
}
