package io.kvstore.codec;

/**
 * A codec: encodes objects of one type as bytes and decodes them.
 *
 * <p>Called from many threads at once, never while the store holds a lock. An exception that it
 * throws reaches the caller of the store, and the store stays as it was. A codec for keys must
 * encode equal keys as equal bytes: the store identifies a key by its bytes only.
 *
 * @param <T> the type of the objects, never null
 */
public interface Codec<T> {

  /** Encodes an object. The store copies the returned array: it neither keeps nor changes it. */
  byte[] encode(T object);

  /** Decodes an object. The codec may keep the array. */
  T decode(byte[] bytes);
}
