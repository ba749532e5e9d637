package io.kvstore.bench.report;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One line of the results: the samples of one subject for one question in one round.
 *
 * @param params further parameters, numbers in their plainest form
 * @param unit unit of the samples; null only for a failed measurement that names none
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
