package io.kvstore.codec;

/**
 * Turns objects of one type into bytes and back.
 *
 * <p>Called from many threads at once, never while the store holds a lock. What it throws reaches
 * the caller of the store, which stays as it was. A codec for keys must give equal keys equal
 * bytes: the store knows a key by nothing else.
 *
 * @param <T> the type of the objects, never null
 */
public interface Codec<T> {

  /**
   * Returns the bytes of an object. The store copies the array: it neither keeps nor changes it.
   */
  byte[] encode(T object);

  /** Returns the object of some bytes; the array is the codec's to keep. */
  T decode(byte[] bytes);
}
