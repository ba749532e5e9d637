package io.kvstore.log;

import io.kvstore.StoreStats;

/** The log's counters at one moment; see {@link io.kvstore.StoreStats} for what they mean. */
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
