package io.kvstore.stripe;

import java.util.Arrays;

/** A key in a map on the heap, with the hash that strangers can't make collide. */
final class HashedKey {
  private final long hash;
  private final byte[] bytes;

  /**
   * @param bytes nobody changes them while they are in a map
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
    // The lowest bits are the same in all keys of a stripe.
    return (int) (hash >>> Integer.SIZE);
  }
}
