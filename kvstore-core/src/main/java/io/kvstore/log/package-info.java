/** The log: records in append-only segments, written, synced and recovered. Knows bytes only. */
@NullMarked
package io.kvstore.log;

import org.jspecify.annotations.NullMarked;
