package io.kvstore.index;

import io.kvstore.platform.LittleEndian;

/**
 * The hash of a key: SipHash-1-3 with a secret of the store, so that an attacker can't choose keys
 * that collide.
 *
 * <p>J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012; with
 * one round per word and three at the end, as hash tables of other languages use it.
 */
public final class KeyHash {
  private final long key0;
  private final long key1;

  public KeyHash(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  public long of(byte[] bytes) {
    return of(bytes, bytes.length);
  }

  /** Hashes the first bytes of an array. */
  public long of(byte[] bytes, int length) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    int end = length & -Long.BYTES;
    for (int at = 0; at <= end; at += Long.BYTES) {
      long word = at < end ? LittleEndian.getLong(bytes, at) : lastWord(bytes, length);
      v3 ^= word;
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
      v0 ^= word;
    }
    v2 ^= 0xff;
    // The same round three times, inline, since a Java method can't return four longs.
    for (int round = 0; round < 3; round++) {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /** Returns the last bytes, which do not fill a word, with the length in the highest byte. */
  private static long lastWord(byte[] bytes, int length) {
    long word = (long) length << 56;
    for (int i = length & -Long.BYTES, shift = 0; i < length; i++, shift += Byte.SIZE) {
      word |= (bytes[i] & 0xFFL) << shift;
    }
    return word;
  }

  /** Returns the stripe of a hash: its lowest bits, since the index uses the highest. */
  public static int stripeOf(long hash, int stripes) {
    return (int) hash & stripes - 1;
  }
}
