package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;

/** An input over an array that rejects lengths exceeding the rest of the array. */
final class CheckedInput extends Input {
  /**
   * The maximum number of elements without bytes in a value in the legacy format: 65,536. There,
   * nulls in a collection of nulls, and objects without fields, take no bytes.
   */
  private static final int MAX_ELEMENTS_WITHOUT_BYTES = 1 << 16;

  private int elementsWithoutBytes;

  @Override
  public byte[] readBytes(int count) {
    return super.readBytes(checked(count, Byte.BYTES));
  }

  @Override
  public boolean[] readBooleans(int length) {
    return super.readBooleans(checked(length, Byte.BYTES));
  }

  @Override
  public char[] readChars(int length) {
    return super.readChars(checked(length, Character.BYTES));
  }

  @Override
  public short[] readShorts(int length) {
    return super.readShorts(checked(length, Short.BYTES));
  }

  @Override
  public int[] readInts(int length) {
    return super.readInts(checked(length, Integer.BYTES));
  }

  @Override
  public int[] readInts(int length, boolean optimizePositive) {
    return super.readInts(checked(length, Byte.BYTES), optimizePositive);
  }

  @Override
  public long[] readLongs(int length) {
    return super.readLongs(checked(length, Long.BYTES));
  }

  @Override
  public long[] readLongs(int length, boolean optimizePositive) {
    return super.readLongs(checked(length, Byte.BYTES), optimizePositive);
  }

  @Override
  public float[] readFloats(int length) {
    return super.readFloats(checked(length, Float.BYTES));
  }

  @Override
  public double[] readDoubles(int length) {
    return super.readDoubles(checked(length, Double.BYTES));
  }

  @Override
  public String readString() {
    checkString();
    return super.readString();
  }

  @Override
  public StringBuilder readStringBuilder() {
    checkString();
    return super.readStringBuilder();
  }

  /** Checks the length of a string. One that is not ASCII begins with its length plus one. */
  private void checkString() {
    int start = position;
    if (readVarIntFlag()) {
      int length = readVarIntFlag(true) - 1;
      checked(Math.max(0, length), Byte.BYTES);
    }
    position = start;
  }

  /** Checks the next length to be read, which is stored plus one, like {@link #checked}. */
  void checkNextLength() {
    int start = position;
    checked(Math.max(0, readVarInt(true) - 1), Byte.BYTES);
    position = start;
  }

  /** Rejects a number of elements that the remaining bytes can't hold. */
  void requireAtLeast(int elements) {
    checked(elements, Byte.BYTES);
  }

  /**
   * Rejects a number of elements in the legacy format that the remaining bytes, and the limit of
   * elements without bytes, can't account for.
   */
  void requireLegacyElements(int elements) {
    int without = Math.max(0, elements - (limit - position));
    if (without > MAX_ELEMENTS_WITHOUT_BYTES - elementsWithoutBytes) {
      throw new KryoException(elements + " elements don't fit in " + (limit - position) + " bytes");
    }
    elementsWithoutBytes += without;
  }

  private int checked(int length, int bytesEach) {
    if (length < 0 || (long) length * bytesEach > limit - position) {
      throw new KryoException(length + " elements don't fit in " + (limit - position) + " bytes");
    }
    return length;
  }
}
