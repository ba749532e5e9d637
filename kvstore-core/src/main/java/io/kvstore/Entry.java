package io.kvstore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key with its value, as they were when they were read.
 *
 * @param key never null
 * @param value never null
 * @param version the sequence number of the change that stored the value: unique in the store,
 *     higher for every later change; the versions of writes that a power cut has taken, within the
 *     limits of {@link Durability}, are assigned again
 * @param expiresAt the deadline, to the millisecond, from which on the entry is absent; null for an
 *     entry that does not expire
 * @param label the label given by the put that stored the value ({@link PutOptions}), or null
 */
public record Entry<K, V>(
    K key, V value, long version, @Nullable Instant expiresAt, @Nullable String label) {}
