package io.kvstore.codec;

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
   * Objects of registered classes, by Kryo. Nothing but the classes named here, and what every such
   * codec knows by itself, is ever written or instantiated. It knows primitives, strings, {@code
   * byte[]}, the common collections of {@code java.util} and those of {@code List.of} and its like,
   * {@code Optional}, {@code UUID}, {@code URI}, {@code BigInteger}, {@code BigDecimal}, and the
   * dates, times and durations of {@code java.time}.
   *
   * <p>The order of the classes is part of what is stored: always name the same ones in the same
   * order, and add new ones at the end. A class that is not named is answered with an {@link
   * IllegalArgumentException} that shows what to add.
   *
   * @param type the type of the values; a class that Kryo can write: a record, or a class with a
   *     constructor without parameters
   * @param more the classes of everything that a value refers to
   */
  public static <T> Codec<T> kryo(Class<T> type, Class<?>... more) {
    return KryoCodec.of(type, more);
  }
}
