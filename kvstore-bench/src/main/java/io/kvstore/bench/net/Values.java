package io.kvstore.bench.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Self-describing values. All bytes of a value follow from its key, its version and the run, so
 * that each can be checked.
 *
 * <p>A value is letters from a to p, so that it is the same in JSON. The first 16 say key and
 * version, mixed with the number of the run so that a change of any bit changes the key: what was
 * altered, or what another run left behind, is no value of this one. Not thread-safe.
 */
final class Values {
  /** The shortest value there can be: key and version. */
  static final int MIN_BYTES = 16;

  /** No value of this run. */
  static final int WRONG = -1;

  private static final int BLOCK = 16;
  private static final long NIBBLES = 0x0F0F_0F0F_0F0F_0F0FL;
  private static final long LETTERS = 0x6161_6161_6161_6161L;
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final int minBytes;
  private final int maxBytes;
  private final long run;
  private final byte[] bytes;
  private final ByteBuf view;

  /**
   * Makes the values of one run.
   *
   * @param run a number that no earlier run had
   */
  Values(ValueSize size, long run) {
    minBytes = size.minBytes();
    maxBytes = size.maxBytes();
    this.run = mix(run); // so that runs that differ in any bit differ in half of them
    bytes = new byte[(maxBytes + BLOCK - 1) / BLOCK * BLOCK];
    view = Unpooled.wrappedBuffer(bytes);
  }

  /** Returns the array that {@link #make} fills; the same at every call. */
  byte[] bytes() {
    return bytes;
  }

  /** Makes a value, and returns its length. */
  int make(int key, int version) {
    long name = mix(((long) key << Integer.SIZE | version) ^ run);
    int length = length(name);
    putLetters(0, name);
    long state = name;
    for (int at = BLOCK; at < length; at += BLOCK) {
      state += GOLDEN;
      putLetters(at, mix(state));
    }
    return length;
  }

  /** Returns the version that a value of a key is of, or {@link #WRONG}. */
  int version(int key, ByteBuf value) {
    int length = value.readableBytes();
    if (length < MIN_BYTES || length > maxBytes) {
      return WRONG;
    }
    int start = value.readerIndex();
    long name = nibbles(value.getLong(start)) << 4 | nibbles(value.getLong(start + Long.BYTES));
    long keyAndVersion = unmix(name) ^ run;
    int version = (int) keyAndVersion;
    boolean isSame =
        keyAndVersion >>> Integer.SIZE == key
            && version > 0
            && make(key, version) == length
            && ByteBufUtil.equals(value, start, view, 0, length);
    return isSame ? version : WRONG;
  }

  private int length(long name) {
    return minBytes + (int) Long.remainderUnsigned(mix(~name), maxBytes - minBytes + 1L);
  }

  private void putLetters(int at, long bits) {
    LONGS.set(bytes, at, (bits >>> 4 & NIBBLES) + LETTERS);
    LONGS.set(bytes, at + Long.BYTES, (bits & NIBBLES) + LETTERS);
  }

  private static long nibbles(long letters) {
    return letters - LETTERS & NIBBLES;
  }

  /** The finisher of SplittableRandom: every bit depends on every other. */
  private static long mix(long bits) {
    long mixed = (bits ^ bits >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ mixed >>> 31;
  }

  /** Undoes {@link #mix}: the factors are the inverses of its factors. */
  private static long unmix(long mixed) {
    long bits = (mixed ^ mixed >>> 31 ^ mixed >>> 62) * 0x3196_42B2_D24D_8EC3L;
    bits = (bits ^ bits >>> 27 ^ bits >>> 54) * 0x96DE_1B17_3F11_9089L;
    return bits ^ bits >>> 30 ^ bits >>> 60;
  }
}
