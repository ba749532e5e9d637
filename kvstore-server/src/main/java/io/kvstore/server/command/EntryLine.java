package io.kvstore.server.command;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry on its way out of a store, or into one: the only place that knows what of an entry
 * travels. Nobody changes its arrays.
 */
final class EntryLine {
  private final byte[] key;
  private final byte[] value;
  private final @Nullable Instant expiresAt;

  /**
   * @param expiresAt null for never
   */
  EntryLine(byte[] key, byte[] value, @Nullable Instant expiresAt) {
    this.key = key;
    this.value = value;
    this.expiresAt = expiresAt;
  }

  static EntryLine of(Entry<byte[], byte[]> entry) {
    return new EntryLine(entry.key(), entry.value(), entry.expiresAt());
  }

  /**
   * Stores it, unless it has expired on the way.
   *
   * @throws BadLineException if the store can't have it
   */
  void putInto(KvStore<byte[], byte[]> store) throws BadLineException {
    try {
      if (expiresAt == null) {
        store.put(key, value);
        return;
      }
      Duration left = Duration.between(Instant.now(), expiresAt);
      if (left.compareTo(KvStore.MIN_TTL) >= 0) {
        store.put(key, value, left);
      }
    } catch (IllegalArgumentException e) {
      throw new BadLineException("is refused: " + e.getMessage());
    }
  }

  byte[] key() {
    return key;
  }

  byte[] value() {
    return value;
  }

  @Nullable Instant expiresAt() {
    return expiresAt;
  }
}
