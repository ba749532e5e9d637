/** What a load asks for: which keys, which values, how many of them. */
@NullMarked
package io.kvstore.bench.load;

import org.jspecify.annotations.NullMarked;
