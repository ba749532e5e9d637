package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The format of an array of objects: the number of dimensions, the element type of the last one,
 * then the elements as in a collection.
 */
record ArrayFormat() implements TypeFormat {
  /** The limit of the JVM. */
  private static final int MAX_DIMENSIONS = 255;

  @Override
  public int tag() {
    return Tags.ARRAY;
  }

  @Override
  public void write(Encoder to, Object object) {
    int dimensions = 0;
    Class<?> element = object.getClass();
    while (element.isArray() && !element.getComponentType().isPrimitive()) {
      element = element.getComponentType();
      dimensions++;
    }
    to.number(dimensions);
    to.number(element == Object.class ? Tags.ANY : to.types().tagOf(element));
    List<?> elements = Arrays.asList((Object[]) object);
    to.elements(elements);
  }

  @Override
  public @Nullable Object read(Decoder from, DeclaredType target) {
    int dimensions = from.number();
    int elementTag = from.number();
    int size = from.size();
    TypeFormat common = size == 0 ? null : from.common();
    if (target.isSkipped()) {
      for (int i = 0; i < size; i++) {
        from.element(common, target);
      }
      return null;
    }
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw new KvStoreException("an array has " + dimensions + " dimensions");
    }
    Class<?> type = elementTag == Tags.ANY ? Object.class : from.types().typeOf(elementTag);
    for (int i = 1; i < dimensions; i++) {
      type = type.arrayType();
    }
    DeclaredType declared = target.declared().isArray() ? target.argument(0) : DeclaredType.ANY;
    DeclaredType element = declared.raw().isAssignableFrom(type) ? declared : DeclaredType.of(type);
    @Nullable Object[] made = (Object[]) Array.newInstance(type, size);
    for (int i = 0; i < size; i++) {
      Object read = from.element(common, element);
      if (read != null && !type.isInstance(read)) {
        throw new TypeMismatch(read.getClass(), DeclaredType.of(type));
      }
      made[i] = read;
    }
    return made;
  }
}
