package io.kvstore.bench.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Keys and values of one thread, uniformly random over the entries of a store.
 *
 * <p>The same seed gives the same sequence. A new key is created for every call, as by a real
 * caller: a key that is used twice would have its hash cached. Not thread-safe.
 */
public final class Workload {
  /** The length of every key, in characters and, as they are ASCII, in bytes: 16. */
  public static final int KEY_BYTES = 16;

  /** The length of every value: 100. */
  public static final int VALUE_BYTES = 100;

  private static final byte[] KEY_PREFIX = "key:".getBytes(StandardCharsets.ISO_8859_1);
  private static final VarHandle LONG_IN_VALUE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final int entries;
  private final SplittableRandom random;
  private final byte[] value;

  /** Asks for the keys of entry 0 to {@code entries} - 1, with values of 100 bytes. */
  public Workload(int entries, long seed) {
    this(entries, seed, VALUE_BYTES);
  }

  /** Asks for the keys of entry 0 to {@code entries} - 1, with values of 8 bytes at least. */
  public Workload(int entries, long seed, int valueBytes) {
    this.entries = entries;
    random = new SplittableRandom(seed);
    value = new byte[valueBytes];
    random.nextBytes(value);
  }

  /** Returns the key of an entry: "key:" and the number with twelve digits. */
  public static String key(long number) {
    byte[] key = new byte[KEY_BYTES];
    System.arraycopy(KEY_PREFIX, 0, key, 0, KEY_PREFIX.length);
    long rest = number;
    for (int at = KEY_BYTES - 1; at >= KEY_PREFIX.length; at--) {
      key[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  /** Returns the key of an entry chosen at random. */
  public String nextKey() {
    return key(random.nextInt(entries));
  }

  /** Returns a value that differs from the last one. The array is the same at every call. */
  public byte[] nextValue() {
    LONG_IN_VALUE.set(value, 0, random.nextLong());
    return value;
  }

  /** Returns true in {@code percent} of a hundred calls. */
  public boolean nextIsPut(int percent) {
    return random.nextInt(100) < percent;
  }
}
