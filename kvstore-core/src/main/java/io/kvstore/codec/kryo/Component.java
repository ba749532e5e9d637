package io.kvstore.codec.kryo;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A component of a record or a field of a class, as it is now.
 *
 * @param getter takes an Object, and returns the primitive type or an Object
 * @param setter takes two Objects; null for a record
 * @param ifMissing the default for values written before the component existed; {@link #UNSET} for
 *     the value that the constructor of a class sets
 */
record Component(
    String name,
    Set<String> formerNames,
    DeclaredType target,
    MethodHandle getter,
    @Nullable MethodHandle setter,
    @Nullable Object ifMissing) {
  static final Object UNSET = new Object();

  /** Returns the default of a component of a record for which none was set. */
  static @Nullable Object defaultOf(Class<?> type) {
    if (type.isPrimitive()) {
      return Array.get(Array.newInstance(type, 1), 0);
    }
    return type == Optional.class ? Optional.empty() : null;
  }

  Component withFormerName(String former) {
    return new Component(
        name, ClassModel.and(formerNames, former), target, getter, setter, ifMissing);
  }

  Component withDefault(Object value) {
    return new Component(name, formerNames, target, getter, setter, value);
  }
}
