package io.kvstore.codec.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Output;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** An encoder of objects, for one thread at a time; must not be used again after an exception. */
final class Encoder {
  /** The maximum depth of nested objects, each of which takes stack: 500. */
  static final int MAX_DEPTH = 500;

  private static final int BUFFER_BYTES = 256;

  /** The maximum size of a buffer that is kept for the next object. */
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

  /** Writes a tag and the object. */
  void any(@Nullable Object object) {
    if (object == null) {
      output.writeByte(Tags.NULL);
    } else {
      tagged(types.format(object.getClass()), object);
    }
  }

  void tagged(TypeFormat format, Object object) {
    number(format.tag());
    bare(format, object);
  }

  private void bare(TypeFormat format, Object object) {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "the object is nested deeper than " + MAX_DEPTH + " levels, or in a circle");
    }
    format.write(this, object);
    depth--;
  }

  /** Writes a non-negative number in a variable-length format. */
  void number(int number) {
    output.writeVarInt(number, true);
  }

  /** Returns the common format of all elements, or null if they differ or one of them is null. */
  @Nullable TypeFormat common(Iterable<?> elements) {
    Class<?> first = null;
    for (Object element : elements) {
      if (element == null || (first != null && element.getClass() != first)) {
        return null;
      }
      first = element.getClass();
    }
    return first == null ? null : types.format(first);
  }

  /** Writes the common tag of the elements, or that each has its own. */
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

  /** Writes the number of elements, their common tag, and each element. */
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
