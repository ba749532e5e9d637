package io.kvstore.codec.kryo;

import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The declared type of a component or element, as the classes declare it now.
 *
 * @param declared the class, without type arguments
 * @param raw the same, or the box of a primitive
 * @param arguments type arguments of the class; for an array, its element type
 */
record DeclaredType(Class<?> declared, Class<?> raw, List<DeclaredType> arguments) {
  static final DeclaredType ANY = new DeclaredType(Object.class, Object.class, List.of());

  /**
   * The type of values that are skipped: no class of the user is needed, and none is instantiated.
   */
  static final DeclaredType SKIPPED = new DeclaredType(Void.class, Void.class, List.of());

  static DeclaredType of(Type type) {
    if (type instanceof Class<?> c) {
      return new DeclaredType(
          c, boxed(c), c.isArray() ? List.of(of(c.getComponentType())) : List.of());
    }
    if (type instanceof ParameterizedType p) {
      Class<?> c = erased(p);
      return new DeclaredType(
          c, c, Arrays.stream(p.getActualTypeArguments()).map(DeclaredType::of).toList());
    }
    if (type instanceof GenericArrayType a) {
      return new DeclaredType(erased(a), erased(a), List.of(of(a.getGenericComponentType())));
    }
    if (type instanceof WildcardType w) {
      return of(w.getUpperBounds()[0]);
    }
    return of(erased(type));
  }

  private static Class<?> erased(Type type) {
    if (type instanceof Class<?> c) {
      return c;
    }
    if (type instanceof ParameterizedType p) {
      return erased(p.getRawType());
    }
    if (type instanceof GenericArrayType a) {
      return erased(a.getGenericComponentType()).arrayType();
    }
    if (type instanceof TypeVariable<?> v) {
      return erased(v.getBounds()[0]);
    }
    throw new IllegalArgumentException("not a supported type of a component: " + type);
  }

  private static Class<?> boxed(Class<?> c) {
    return c.isPrimitive() ? MethodType.methodType(c).wrap().returnType() : c;
  }

  boolean isSkipped() {
    return raw == Void.class;
  }

  /** Returns the n-th type argument of a collection. */
  DeclaredType argument(int n) {
    return isSkipped() ? this : n < arguments.size() ? arguments.get(n) : ANY;
  }

  /**
   * Returns the object, or its widened form, as an instance of this type.
   *
   * @throws TypeMismatch if the object is not of this type and can't be widened to it
   */
  @Nullable Object fitted(@Nullable Object value) {
    if (value == null || raw.isInstance(value) || isSkipped()) {
      return value;
    }
    Object wide = Widening.widened(value, raw);
    if (wide == null) {
      throw new TypeMismatch(value.getClass(), this);
    }
    return wide;
  }

  /** Returns the type as a schema names it. */
  @Override
  public String toString() {
    if (arguments.isEmpty() || declared.isArray()) {
      return declared.isArray() ? arguments.get(0) + "[]" : declared.getName();
    }
    return declared.getName()
        + arguments.stream()
            .map(DeclaredType::toString)
            .collect(Collectors.joining(", ", "<", ">"));
  }
}
