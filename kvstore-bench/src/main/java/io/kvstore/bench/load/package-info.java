/** Loads within one process, and the stalls that they meet. */
@NullMarked
package io.kvstore.bench.load;

import org.jspecify.annotations.NullMarked;
