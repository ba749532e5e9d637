package io.kvstore.bench.load;

/**
 * A stall: an interval in which the operations of one thread were late.
 *
 * @param thread which thread
 * @param operation the first late one: "get" or "put"
 * @param lag from when the thread was last on time until that one was done; the cause lies in here
 * @param firstNanos the latency of that one
 * @param longestCallNanos the longest call in the lag
 * @param waitNanos how long in the lag the thread had no processor, though it could have run
 * @param worstNanos the latency of the latest
 * @param operations how many were late, one after the other
 */
record Stall(
    int thread,
    String operation,
    Span lag,
    long firstNanos,
    long longestCallNanos,
    long waitNanos,
    long worstNanos,
    int operations) {

  Stall and(long latencyNanos) {
    long worst = Math.max(worstNanos, latencyNanos);
    return new Stall(
        thread, operation, lag, firstNanos, longestCallNanos, waitNanos, worst, operations + 1);
  }
}
