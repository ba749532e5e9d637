package io.kvstore.compaction;

/** The goal of compaction; each further step rewrites more bytes for less space. */
public enum CompactionGoal {
  /** During writes: enough to keep the store within twice its live bytes. */
  UNDER_LOAD(1.7, 1.0 / 16),

  /** After some time without writes. */
  IDLE(1.15, 1.0 / 64),

  /** On request of a caller. */
  ALL(1.0, 1.0 / 64);

  private final double ratio;
  private final double minShare;

  CompactionGoal(double ratio, double minShare) {
    this.ratio = ratio;
    this.minShare = minShare;
  }

  /** Returns the maximum size of all sealed segments, as a multiple of their live bytes. */
  double ratio() {
    return ratio;
  }

  /** Returns the minimum share of garbage for which a segment is rewritten. */
  double minShare() {
    return minShare;
  }

  boolean isThorough() {
    return this == ALL;
  }
}
