package io.kvstore.codec;

import com.esotericsoftware.kryo.util.Pool;
import io.kvstore.KvStoreException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Objects as Kryo writes them, behind one byte that tells the format.
 *
 * <p>Kryo's own objects serve one thread at a time; they are kept in a bounded pool, not by thread,
 * so that virtual threads cost nothing.
 */
final class KryoCodec<T> implements Codec<T> {
  /** The first byte of every value: class id and object, in Kryo's own form. */
  static final byte FORMAT = 1;

  /** The most idle Kryo objects that one codec keeps. */
  private static final int MAX_POOLED = 64;

  static {
    // Read by Kryo when its classes load. With Unsafe it warns from JDK 24 on, or fails.
    if (System.getProperty("kryo.unsafe") == null) {
      System.setProperty("kryo.unsafe", "false");
    }
  }

  private final Class<T> type;
  private final Pool<KryoMarshaller> pool;

  private KryoCodec(Class<T> type, List<Class<?>> classes) {
    this.type = type;
    this.pool =
        new Pool<>(true, false, MAX_POOLED) {
          @Override
          protected KryoMarshaller create() {
            return new KryoMarshaller(classes);
          }
        };
  }

  static <T> Codec<T> of(Class<T> type, Class<?>... more) {
    List<Class<?>> classes =
        Stream.concat(Stream.of(type), Stream.of(more))
            .map(c -> Objects.requireNonNull(c, "class"))
            .distinct()
            .<Class<?>>map(c -> c)
            .toList();
    return new KryoCodec<>(type, classes);
  }

  @Override
  public byte[] encode(T object) {
    KryoMarshaller marshaller = pool.obtain();
    byte[] bytes = marshaller.encode(type.cast(object));
    pool.free(marshaller);
    return bytes;
  }

  @Override
  public T decode(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != FORMAT) {
      throw new KvStoreException(
          "the value was not written by a Kryo codec: "
              + (bytes.length == 0 ? "it is empty" : "its first byte is " + bytes[0]));
    }
    KryoMarshaller marshaller = pool.obtain();
    Object object;
    try {
      object = marshaller.decode(bytes);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // Wrong bytes can make a serializer do anything, and ask for any length.
      throw new KvStoreException("the value is not a " + type.getName() + ": " + e.getMessage(), e);
    }
    pool.free(marshaller);
    if (!type.isInstance(object)) {
      throw new KvStoreException("the value is not a " + type.getName() + ", but " + object);
    }
    return type.cast(object);
  }
}
