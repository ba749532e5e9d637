package io.kvstore.stripe;

import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decides from what a key holds what is to be written under it. Runs under the lock of the key's
 * stripe: it is quick, and calls nothing of callers.
 */
@FunctionalInterface
public interface Decision {

  /**
   * Returns the change, or null to leave the key as it is.
   *
   * @param key which nobody changes
   * @param found what the key holds: null for nothing, or for what has expired
   */
  @Nullable LogRecord decide(byte[] key, @Nullable PutRecord found);
}
