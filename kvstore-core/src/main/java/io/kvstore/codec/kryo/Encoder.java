package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Output;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Writes objects, for one thread at a time; not to be used again after an exception. */
final class Encoder {
  /** How deep objects may be nested, each level some stack: 500. */
  static final int MAX_DEPTH = 500;

  private static final int BUFFER_BYTES = 256;

  /** A buffer that has grown beyond this is not kept. */
  private static final int MAX_KEPT_BUFFER_BYTES = 64 << 10;

  private final Kryo kryo;
  private final Types types;
  private Output output = new Output(BUFFER_BYTES, -1);
  private int depth;

  Encoder(Kryo kryo, Types types) {
    this.kryo = kryo;
    this.types = types;
  }

  byte[] encode(byte format, Object object) {
    output.reset();
    output.writeByte(format);
    any(object);
    byte[] bytes = output.toBytes();
    if (output.getBuffer().length > MAX_KEPT_BUFFER_BYTES) {
      output = new Output(BUFFER_BYTES, -1);
    }
    return bytes;
  }

  Kryo kryo() {
    return kryo;
  }

  Output output() {
    return output;
  }

  Types types() {
    return types;
  }

  /** Writes a tag and what it says. */
  void any(@Nullable Object object) {
    if (object == null) {
      output.writeByte(Tags.NULL);
    } else {
      tagged(types.form(object.getClass()), object);
    }
  }

  void tagged(TypeFormat form, Object object) {
    number(form.tag());
    bare(form, object);
  }

  private void bare(TypeFormat form, Object object) {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "the object is nested deeper than " + MAX_DEPTH + " levels, or in a circle");
    }
    form.write(this, object);
    depth--;
  }

  /** Writes a number that is not negative, the shorter the smaller it is. */
  void number(int number) {
    output.writeVarInt(number, true);
  }

  /** Returns the form that all elements have, or null if they differ or one of them is null. */
  @Nullable TypeFormat common(Iterable<?> elements) {
    Class<?> first = null;
    for (Object element : elements) {
      if (element == null || (first != null && element.getClass() != first)) {
        return null;
      }
      first = element.getClass();
    }
    return first == null ? null : types.form(first);
  }

  /** Writes what all elements are, or that each tells it. */
  void commonTag(@Nullable TypeFormat common) {
    number(common == null ? Tags.ANY : common.tag());
  }

  void element(@Nullable TypeFormat common, @Nullable Object element) {
    if (common == null || element == null) {
      any(element);
    } else {
      bare(common, element);
    }
  }

  /** Writes their number, what all are, and each. */
  void elements(Collection<?> elements) {
    number(elements.size());
    if (!elements.isEmpty()) {
      TypeFormat common = common(elements);
      commonTag(common);
      for (Object element : elements) {
        element(common, element);
      }
    }
  }
}
