/** Opening times of filled stores, compared with rivals that hold the same entries. */
@NullMarked
package io.kvstore.bench.open;

import org.jspecify.annotations.NullMarked;
