package io.kvstore.stripe;

import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import org.jspecify.annotations.Nullable;

/**
 * The decision of a conditional write: determines the change from the current record of the key.
 * Runs under the lock of the key's stripe, so it must be fast and must not call code of callers.
 */
@FunctionalInterface
public interface Decision {

  /**
   * Returns the change, or null to leave the key as it is.
   *
   * @param key the key, which must not be modified
   * @param found the record of the key; null if there is none or it has expired
   */
  @Nullable LogRecord decide(byte[] key, @Nullable PutRecord found);
}
