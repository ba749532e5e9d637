package io.kvstore.log;

import io.kvstore.StoreStats;

/**
 * The counters of the log at one point in time; see {@link io.kvstore.StoreStats} for their
 * meaning.
 */
public record LogStats(
    long liveBytes,
    long staleBytes,
    long tombstoneBytes,
    long logBytes,
    long diskBytes,
    int segments,
    long sequence,
    long syncedSequence,
    StoreStats.Syncs syncs,
    long appendedBytes) {}
