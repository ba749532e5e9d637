/** Runs every question with every rival, by turns, and writes down what it finds. */
@NullMarked
package io.kvstore.bench.suite;

import org.jspecify.annotations.NullMarked;
