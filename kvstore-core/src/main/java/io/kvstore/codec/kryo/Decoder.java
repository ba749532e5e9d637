package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.Kryo;
import io.kvstore.KvStoreException;
import org.jspecify.annotations.Nullable;

/** A decoder of objects, for one thread at a time; must not be used again after an exception. */
final class Decoder {
  private final Kryo kryo;
  private final Types types;
  private final CheckedInput input = new CheckedInput();
  private int depth;

  Decoder(Kryo kryo, Types types) {
    this.kryo = kryo;
    this.types = types;
  }

  /** Decodes an object from an offset to the end of the bytes. */
  @Nullable Object decode(byte[] bytes, int from, DeclaredType target) {
    input.setBuffer(bytes, from, bytes.length - from);
    Object object = any(target);
    if (input.position() != bytes.length) {
      throw new KvStoreException(bytes.length - input.position() + " bytes are left over");
    }
    input.setBuffer(new byte[0]);
    return object;
  }

  Kryo kryo() {
    return kryo;
  }

  CheckedInput input() {
    return input;
  }

  Types types() {
    return types;
  }

  /** Reads a tag and the object behind it. */
  @Nullable Object any(DeclaredType target) {
    int tag = number();
    return tag == Tags.NULL ? null : bare(types.format(tag), target);
  }

  private @Nullable Object bare(TypeFormat format, DeclaredType target) {
    if (++depth > Encoder.MAX_DEPTH) {
      throw new KvStoreException("nested deeper than " + Encoder.MAX_DEPTH + " levels");
    }
    Object object = target.fitted(format.read(this, target));
    depth--;
    return object;
  }

  int number() {
    return input.readVarInt(true);
  }

  /** Reads the number of elements, each of which has at least one byte. */
  int size() {
    int size = number();
    input.requireAtLeast(size);
    return size;
  }

  /** Reads the common format of the elements: null if each has its own tag. */
  @Nullable TypeFormat common() {
    int tag = number();
    return tag == Tags.ANY ? null : types.format(tag);
  }

  @Nullable Object element(@Nullable TypeFormat common, DeclaredType target) {
    return common == null ? any(target) : bare(common, target);
  }
}
