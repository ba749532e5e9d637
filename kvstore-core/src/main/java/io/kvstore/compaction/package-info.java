/**
 * Compaction: copies live records out of segments and drops those segments. Uses {@code log} and
 * below; accesses the indexes through {@link io.kvstore.compaction.IndexAccess}. Start reading at
 * {@link io.kvstore.compaction.Compaction}.
 */
@NullMarked
package io.kvstore.compaction;

import org.jspecify.annotations.NullMarked;
