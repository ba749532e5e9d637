package io.kvstore.codec;

import io.kvstore.codec.kryo.TypedCodec;
import java.nio.charset.StandardCharsets;

/** The built-in codecs. */
public final class Codecs {
  private Codecs() {}

  /** Returns the codec for byte arrays, which stores them as they are. */
  public static Codec<byte[]> bytes() {
    return new BytesCodec();
  }

  /**
   * Returns the codec for strings, which encodes them as UTF-8.
   *
   * <p>A string that is not well-formed UTF-16 (a surrogate without its partner) has no UTF-8 form:
   * encoding it throws {@link IllegalArgumentException}, and so does decoding bytes that are not
   * UTF-8. See {@link StandardCharsets#UTF_8}, RFC 3629.
   */
  public static Codec<String> string() {
    return new StringCodec();
  }

  /**
   * Returns the codec for longs, which encodes them as eight bytes, most significant first. Always
   * the same instance.
   */
  public static Codec<Long> longs() {
    return LongCodec.LONGS;
  }

  /**
   * Returns a codec for objects of registered classes, based on Kryo, whose values stay readable
   * when the classes change. Only the classes named here, and the built-in ones below, are ever
   * written or instantiated. For a class that is not registered, an {@link
   * IllegalArgumentException} names the registration to add.
   *
   * <p>These can be registered: records; enums; sealed types, which register their permitted types
   * too; and classes with a constructor without parameters and without final fields, whose fields
   * are written unless they are {@code transient}. Built in are primitives and their boxes,
   * strings, arrays, the common collections of {@code java.util} and those of {@code List.of} and
   * similar methods, {@code Optional}, {@code UUID}, {@code URI}, {@code BigInteger}, {@code
   * BigDecimal}, {@code Date}, {@code Currency}, and the classes of {@code java.time}. Objects may
   * be nested 500 levels deep, without cycles; an object that two others refer to is written twice.
   *
   * <p>A store with this codec keeps schemas, which are the names of the classes and the names and
   * types of their components, in its directory; a schema is stored before the first value that
   * uses it is written. So the order of registration has no effect, and values of any age are read
   * as the classes are now: {@code docs/evolution.md} describes the values of added components and
   * of components with a changed type. Reading a value that can't be read throws a {@link
   * io.kvstore.KvStoreException} that says why.
   *
   * <p>For keys, a registered class must be a record or an enum whose components have one encoding
   * only (no collections, arrays or {@code URI}), and its components must not change: opening a
   * store whose keys were written with others fails. Names and order may change.
   *
   * <p>Outside a store (called directly, or by a codec that wraps it) it writes the schemas into
   * each value, which makes values longer and slower, but readable anywhere. Such bytes change with
   * the class, so they can't serve as keys.
   *
   * @param type the type of the objects, which is registered unless it is {@code Object}
   * @param more the classes of all objects that they refer to
   * @throws IllegalArgumentException if a class can't be written: the message says why, and what to
   *     do
   */
  public static <T> KryoCodec<T> kryo(Class<T> type, Class<?>... more) {
    return TypedCodec.of(type).with(more);
  }
}
