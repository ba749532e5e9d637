package io.kvstore.codec.kryo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The widening conversions of Java: byte, short, int, long, float, double; char to int. */
final class Widening {
  private static final List<Class<?>> ORDER =
      List.of(Byte.class, Short.class, Integer.class, Long.class, Float.class, Double.class);

  private Widening() {}

  /** Returns whether a class of numbers can be widened to another, different one. */
  static boolean isWider(Class<?> from, Class<?> to) {
    if (from == Character.class) {
      return ORDER.indexOf(to) >= ORDER.indexOf(Integer.class);
    }
    return ORDER.contains(from) && ORDER.indexOf(to) > ORDER.indexOf(from);
  }

  /** Returns a number converted to a wider class, or null if the class is not wider. */
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
