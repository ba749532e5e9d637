/**
 * What a store does in the background: compaction when it is due, checkpoints, expiry, room on a
 * full disk. Uses {@code stripe} and below. Start reading at {@link
 * io.kvstore.maintenance.Maintenance}.
 */
@NullMarked
package io.kvstore.maintenance;

import org.jspecify.annotations.NullMarked;
