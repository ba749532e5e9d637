package io.kvstore.bench.load;

/** A time interval of {@link System#nanoTime()}. */
record Span(long startNanos, long endNanos) {

  long nanos() {
    return endNanos - startNanos;
  }

  /** Returns what both have of time; to be asked only of two that overlap. */
  Span common(Span other) {
    return new Span(Math.max(startNanos, other.startNanos), Math.min(endNanos, other.endNanos));
  }

  long overlapNanos(Span other) {
    return Math.max(0, common(other).nanos());
  }
}
