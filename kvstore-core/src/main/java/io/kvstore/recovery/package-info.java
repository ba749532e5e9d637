/**
 * Opens a log: finds its files, scans what no checkpoint covers, cuts a torn tail, and shows each
 * change to a {@link io.kvstore.recovery.RecoveryTarget}. Uses {@code compaction} and below. Start
 * reading at {@link io.kvstore.recovery.Recovery}.
 */
@NullMarked
package io.kvstore.recovery;

import org.jspecify.annotations.NullMarked;
