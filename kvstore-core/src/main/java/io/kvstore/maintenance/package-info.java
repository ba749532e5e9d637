/**
 * The background work of a store: compaction when it is due, checkpoints, the sweep of expired
 * entries, space on a full disk. Uses {@code stripe} and below. Start reading at {@link
 * io.kvstore.maintenance.Maintenance}.
 */
@NullMarked
package io.kvstore.maintenance;

import org.jspecify.annotations.NullMarked;
