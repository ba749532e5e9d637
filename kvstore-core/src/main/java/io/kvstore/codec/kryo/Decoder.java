package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.Kryo;
import io.kvstore.KvStoreException;
import org.jspecify.annotations.Nullable;

/** Reads objects, for one thread at a time; not to be used again after an exception. */
final class Decoder {
  private final Kryo kryo;
  private final Types types;
  private final CheckedInput input = new CheckedInput();
  private int depth;

  Decoder(Kryo kryo, Types types) {
    this.kryo = kryo;
    this.types = types;
  }

  /** Reads what is behind some first bytes. */
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

  /** Reads a tag and what it says. */
  @Nullable Object any(DeclaredType target) {
    int tag = number();
    return tag == Tags.NULL ? null : bare(types.form(tag), target);
  }

  private @Nullable Object bare(TypeFormat form, DeclaredType target) {
    if (++depth > Encoder.MAX_DEPTH) {
      throw new KvStoreException("nested deeper than " + Encoder.MAX_DEPTH + " levels");
    }
    Object object = target.fitted(form.read(this, target));
    depth--;
    return object;
  }

  int number() {
    return input.readVarInt(true);
  }

  /** Reads how many elements there are, which have one byte each at least. */
  int size() {
    int size = number();
    input.requireAtLeast(size);
    return size;
  }

  /** Reads what all elements are: null if each tells it. */
  @Nullable TypeFormat common() {
    int tag = number();
    return tag == Tags.ANY ? null : types.form(tag);
  }

  @Nullable Object element(@Nullable TypeFormat common, DeclaredType target) {
    return common == null ? any(target) : bare(common, target);
  }
}
