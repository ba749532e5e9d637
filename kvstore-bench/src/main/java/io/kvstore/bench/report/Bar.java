package io.kvstore.bench.report;

import java.awt.Color;
import org.jspecify.annotations.Nullable;

/**
 * A bar of {@link Bars}: one subject and variant.
 *
 * @param middle distance of its middle from the top of the bars
 * @param spread null if there are no figures
 * @param ratio to our own; null if there is none
 * @param words the text instead of a figure; empty if there is a figure
 */
record Bar(
    double middle, Color colour, @Nullable Spread spread, @Nullable Spread ratio, String words) {}
