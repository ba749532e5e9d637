package io.kvstore;

/**
 * A key and its value, as they were at the moment they were read.
 *
 * @param key never null
 * @param value never null
 * @param version the sequence number of the put that stored the value: unique in the store, higher
 *     for every later change
 */
public record Entry<K, V>(K key, V value, long version) {}
