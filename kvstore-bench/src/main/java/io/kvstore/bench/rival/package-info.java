/** The rivals, each as a {@link io.kvstore.bench.BenchStore}. */
@NullMarked
package io.kvstore.bench.rival;

import org.jspecify.annotations.NullMarked;
