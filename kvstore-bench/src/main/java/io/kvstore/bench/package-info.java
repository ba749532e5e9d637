/** Benchmarks of kvstore and its rivals; this package has what they share. */
@NullMarked
package io.kvstore.bench;

import org.jspecify.annotations.NullMarked;
