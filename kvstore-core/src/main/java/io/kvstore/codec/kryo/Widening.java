package io.kvstore.codec.kryo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conversions that Java makes by itself: byte, short, int, long, float, double; char to int.
 */
final class Widening {
  private static final List<Class<?>> ORDER =
      List.of(Byte.class, Short.class, Integer.class, Long.class, Float.class, Double.class);

  private Widening() {}

  /** Tells whether a class of numbers can become another that is not the same. */
  static boolean isWider(Class<?> from, Class<?> to) {
    if (from == Character.class) {
      return ORDER.indexOf(to) >= ORDER.indexOf(Integer.class);
    }
    return ORDER.contains(from) && ORDER.indexOf(to) > ORDER.indexOf(from);
  }

  /** Returns a number as one of a wider class, or null if the class is not wider. */
  static @Nullable Object widened(Object value, Class<?> to) {
    if (!isWider(value.getClass(), to)) {
      return null;
    }
    Number number = value instanceof Character c ? Integer.valueOf(c) : (Number) value;
    if (to == Short.class) {
      return number.shortValue();
    }
    if (to == Integer.class) {
      return number.intValue();
    }
    if (to == Long.class) {
      return number.longValue();
    }
    return to == Float.class ? (Object) number.floatValue() : (Object) number.doubleValue();
  }
}
