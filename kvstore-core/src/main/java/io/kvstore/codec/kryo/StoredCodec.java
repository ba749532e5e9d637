package io.kvstore.codec.kryo;

import io.kvstore.codec.Codec;

/** A codec whose bytes are readable only with the schemas of a store. */
public interface StoredCodec<T> extends Codec<T> {

  /**
   * Returns the codec bound to one store.
   *
   * @throws io.kvstore.KvStoreException if the codec can't be used with the data of the store
   */
  Bound<T> bind(Schemas schemas, Role role);

  /** A codec that is bound to one store. */
  interface Bound<T> extends Codec<T> {

    /**
     * Checks stored bytes.
     *
     * @throws io.kvstore.KvStoreException if they show that this codec did not write them, or that
     *     the schemas are not those they were written with
     */
    void requireOwn(byte[] bytes);
  }
}
