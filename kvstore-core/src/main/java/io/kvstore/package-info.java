/** What callers see: the store, the builder that opens it, and what can go wrong. */
@NullMarked
package io.kvstore;

import org.jspecify.annotations.NullMarked;
