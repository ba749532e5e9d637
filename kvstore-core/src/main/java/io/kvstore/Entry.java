package io.kvstore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key and its value, as they were at the moment they were read.
 *
 * @param key never null
 * @param value never null
 * @param version the sequence number of the change that stored the value: unique in the store,
 *     higher for every later change; a power cut takes versions along with the writes that {@link
 *     Durability} lets it take, and they are given again then
 * @param expiresAt the deadline, to the millisecond, from which on the entry is absent; null for an
 *     entry that does not expire
 * @param label what the put that stored the value has said of it ({@link PutOptions}), or null
 */
public record Entry<K, V>(
    K key, V value, long version, @Nullable Instant expiresAt, @Nullable String label) {}
