package io.kvstore.bench.report;

import java.awt.Color;
import org.jspecify.annotations.Nullable;

/**
 * The place of one subject and variant among {@link Bars}.
 *
 * @param middle how far its middle is below the top of the bars
 * @param spread null if there are no figures
 * @param ratio to our own; null if there is none
 * @param words what stands there instead of a figure; empty if there is one
 */
record Bar(
    double middle, Color colour, @Nullable Spread spread, @Nullable Spread ratio, String words) {}
