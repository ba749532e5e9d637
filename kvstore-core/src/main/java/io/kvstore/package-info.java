/** The public API: the store, the builder that opens it, and the exceptions. */
@NullMarked
package io.kvstore;

import org.jspecify.annotations.NullMarked;
