package io.kvstore.stripe;

import java.util.Arrays;

/**
 * A key of a map on the heap, with its keyed hash, so that an attacker can't choose keys that
 * collide.
 */
final class HashedKey {
  private final long hash;
  private final byte[] bytes;

  /**
   * @param bytes the key, which must not be modified while it is in a map
   */
  HashedKey(long hash, byte[] bytes) {
    this.hash = hash;
    this.bytes = bytes;
  }

  long hash() {
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HashedKey key && hash == key.hash && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    // Not the lowest bits, which are the same in all keys of a stripe.
    return (int) (hash >>> Integer.SIZE);
  }
}
