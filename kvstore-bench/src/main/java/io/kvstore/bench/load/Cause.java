package io.kvstore.bench.load;

import java.util.List;

/**
 * The cause of a {@link Stall}: what delayed its operations.
 *
 * @param latencyNanos the latency of the first late operation, which is to be explained
 * @param collectionNanos safepoints in which garbage was collected
 * @param safepointNanos other safepoints
 * @param machineNanos delays of a thread that only sleeps, without the safepoints in them
 * @param waitNanos the thread's own waiting for a processor
 */
record Cause(
    long latencyNanos,
    long collectionNanos,
    long safepointNanos,
    long machineNanos,
    long waitNanos) {

  static Cause of(Stall stall, List<Pause> pauses, List<Span> hiccups) {
    Span lag = stall.lag();
    long collection = 0;
    long safepoint = 0;
    for (Pause pause : pauses) {
      long nanos = pause.span().overlapNanos(lag);
      collection += pause.collects() ? nanos : 0;
      safepoint += pause.collects() ? 0 : nanos;
    }
    long machine = 0;
    for (Span hiccup : hiccups) {
      if (hiccup.overlapNanos(lag) > 0) {
        machine += withoutPauses(hiccup.common(lag), pauses);
      }
    }
    return new Cause(stall.firstNanos(), collection, safepoint, machine, stall.waitNanos());
  }

  private static long withoutPauses(Span span, List<Pause> pauses) {
    return span.nanos() - pauses.stream().mapToLong(p -> p.span().overlapNanos(span)).sum();
  }

  /**
   * Names what explains at least half of the latency; what nothing else explains is the store's.
   */
  String verdict() {
    long half = latencyNanos / 2;
    if (collectionNanos >= half) {
      return "GC";
    }
    if (collectionNanos + safepointNanos >= half) {
      return "safepoint";
    }
    if (machineNanos >= half) {
      return "machine";
    }
    if (waitNanos >= half) {
      return "processor";
    }
    long known = collectionNanos + safepointNanos + Math.max(machineNanos, waitNanos);
    return known >= half ? "several" : "store";
  }
}
