import org.jspecify.annotations.NullMarked;

/**
 * An embeddable key-value store: {@link io.kvstore.KvStore} is the contract, {@link
 * io.kvstore.KvStoreBuilder} opens one, {@link io.kvstore.codec.Codecs} turns objects into bytes.
 */
@NullMarked
module io.kvstore.core {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires com.esotericsoftware.kryo;

  exports io.kvstore;
  exports io.kvstore.codec;
}
