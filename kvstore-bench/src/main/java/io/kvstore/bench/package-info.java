/** Measures kvstore and what it is compared with, side by side. */
@NullMarked
package io.kvstore.bench;

import org.jspecify.annotations.NullMarked;
