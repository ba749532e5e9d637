package io.kvstore.server.cli;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An exported entry: key, value, label and deadline. Its arrays are not changed. */
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
   * Stores the entry, unless it has expired since it was exported.
   *
   * @throws BadLineException if the store rejects it
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
      throw new BadLineException("is rejected: " + e.getMessage());
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
