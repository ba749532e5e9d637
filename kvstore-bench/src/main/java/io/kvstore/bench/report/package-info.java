/** Turns the results of a run into plots, tables and one page. */
@NullMarked
package io.kvstore.bench.report;

import org.jspecify.annotations.NullMarked;
