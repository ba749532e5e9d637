/**
 * The comparison suite: measures every question for every rival, by turns, and writes result files.
 */
@NullMarked
package io.kvstore.bench.suite;

import org.jspecify.annotations.NullMarked;
