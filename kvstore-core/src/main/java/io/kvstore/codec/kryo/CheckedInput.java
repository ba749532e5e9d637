package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;

/** Reads from an array, and believes no length that the rest of the array can't hold. */
final class CheckedInput extends Input {
  /**
   * In Kryo's own form elements may take no bytes: nulls in a collection of nothing else, objects
   * without fields. There may be so many in a value: 65,536.
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

  /** The length of a string that is not ASCII comes first, and one more than it is. */
  private void checkString() {
    int start = position;
    if (readVarIntFlag()) {
      int length = readVarIntFlag(true) - 1;
      checked(Math.max(0, length), Byte.BYTES);
    }
    position = start;
  }

  /** Like {@link #checked}, for a length that is read next, and is one more than it is. */
  void checkNextLength() {
    int start = position;
    checked(Math.max(0, readVarInt(true) - 1), Byte.BYTES);
    position = start;
  }

  /** Refuses a number of elements that the rest can't hold. */
  void requireAtLeast(int elements) {
    checked(elements, Byte.BYTES);
  }

  /** Refuses a number of elements in Kryo's own form that the rest can't stand for. */
  void requireInKryosForm(int elements) {
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
