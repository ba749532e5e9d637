package io.kvstore.server.cli;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An exported entry: the only place that knows what of an entry travels. Nobody changes its arrays.
 */
final class EntryLine {
  private final byte[] key;
  private final byte[] value;
  private final PutOptions options;

  EntryLine(byte[] key, byte[] value, PutOptions options) {
    this.key = key;
    this.value = value;
    this.options = options;
  }

  static EntryLine of(Entry<byte[], byte[]> entry) {
    PutOptions options = new PutOptions(null, entry.expiresAt(), entry.label());
    return new EntryLine(entry.key(), entry.value(), options);
  }

  /**
   * Stores it, unless it has expired on the way.
   *
   * @throws BadLineException if the store can't have it
   */
  void putInto(KvStore<byte[], byte[]> store) throws BadLineException {
    Instant expiresAt = options.expiresAt();
    try {
      if (options.equals(PutOptions.NONE)) {
        store.put(key, value);
      } else if (expiresAt == null || expiresAt.isAfter(Instant.now())) {
        store.write(store.batch().put(key, value, options));
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
    return options.expiresAt();
  }

  @Nullable String label() {
    return options.label();
  }
}
