package io.kvstore.codec.kryo;

import io.kvstore.codec.Codec;

/** A codec whose bytes mean something only together with the schemas of a store. */
public interface StoredCodec<T> extends Codec<T> {

  /**
   * Returns the codec for one store.
   *
   * @throws io.kvstore.KvStoreException if it can't be used with what the store holds
   */
  Bound<T> bind(Schemas schemas, Role role);

  /** Belongs to one store. */
  interface Bound<T> extends Codec<T> {

    /**
     * Looks at bytes that the store holds.
     *
     * @throws io.kvstore.KvStoreException if they show that this codec did not write them, or that
     *     the schemas are not those they were written with
     */
    void requireOwn(byte[] bytes);
  }
}
