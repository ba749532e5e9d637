package io.kvstore.bench.report;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One line of the results: what one subject answered to one question in one round.
 *
 * @param params what was asked besides, numbers in their plainest form
 * @param unit what the samples are in; null only for one that failed without saying
 * @param samples empty exactly if it failed
 * @param failed why there are no samples
 */
record Measurement(
    String question,
    String subject,
    SortedMap<String, String> params,
    @Nullable String unit,
    List<Double> samples,
    @Nullable String failed,
    int round) {}
