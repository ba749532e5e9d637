/** Whom the store is compared with, each behind {@link io.kvstore.bench.BenchStore}. */
@NullMarked
package io.kvstore.bench.rival;

import org.jspecify.annotations.NullMarked;
