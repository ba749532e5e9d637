/** How fast a filled store opens, beside others that hold the same. */
@NullMarked
package io.kvstore.bench.open;

import org.jspecify.annotations.NullMarked;
