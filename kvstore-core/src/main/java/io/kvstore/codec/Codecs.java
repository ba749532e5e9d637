package io.kvstore.codec;

import io.kvstore.codec.kryo.TypedCodec;
import java.nio.charset.StandardCharsets;

/** The codecs that come with the store. */
public final class Codecs {
  private Codecs() {}

  /** Arrays of bytes, as they are. */
  public static Codec<byte[]> bytes() {
    return new BytesCodec();
  }

  /**
   * Strings, as UTF-8.
   *
   * <p>A string that is not well-formed UTF-16 (a surrogate without its partner) has no UTF-8 form:
   * to encode it throws {@link IllegalArgumentException}, as does to decode bytes that are not
   * UTF-8. See {@link StandardCharsets#UTF_8}, RFC 3629.
   */
  public static Codec<String> string() {
    return new StringCodec();
  }

  /** Longs, as eight bytes, most significant first. Always the same codec. */
  public static Codec<Long> longs() {
    return LongCodec.LONGS;
  }

  /**
   * Objects of registered classes, by Kryo, which stay readable when the classes change. Nothing
   * but the classes named here, and what every such codec knows by itself, is ever written or
   * instantiated. A class that is not registered is answered with an {@link
   * IllegalArgumentException} that shows what to add.
   *
   * <p>Registered may be: records; enums; sealed types, which bring what they permit; and classes
   * with a constructor without parameters and without final fields, whose fields are written unless
   * they are {@code transient}. Known besides are primitives and their boxes, strings, arrays, the
   * common collections of {@code java.util} and those of {@code List.of} and its like, {@code
   * Optional}, {@code UUID}, {@code URI}, {@code BigInteger}, {@code BigDecimal}, {@code Date},
   * {@code Currency}, and the classes of {@code java.time}. Objects may be nested 500 levels deep,
   * and not in a circle; one that two others refer to is written twice.
   *
   * <p>A store given this codec keeps the classes' names and their components' names and types in
   * its directory, before the first value that uses them is written. So the order of registration
   * means nothing, and values of any age are read as the classes are now: what a component is given
   * that was not there yet, and what of a changed type, is told in {@code docs/evolution.md}. A
   * value that can't be read is a {@link io.kvstore.KvStoreException} that says why.
   *
   * <p>For keys, a class of its own must be a record or an enum whose components have one form only
   * (no collections, arrays or {@code URI}), and must keep them: opening refuses a store whose keys
   * were written with others. Names and order may change.
   *
   * <p>Outside of a store (called by itself, or by a codec that wraps it) it puts the schemas into
   * each value, which makes these longer and slower and readable anywhere. Such bytes change with
   * the class, so they are no keys.
   *
   * @param type the type of the objects, which is registered unless it is {@code Object}
   * @param more the classes of everything that they refer to
   * @throws IllegalArgumentException if a class can't be written: the message says why, and what to
   *     do
   */
  public static <T> KryoCodec<T> kryo(Class<T> type, Class<?>... more) {
    return TypedCodec.of(type).with(more);
  }
}
