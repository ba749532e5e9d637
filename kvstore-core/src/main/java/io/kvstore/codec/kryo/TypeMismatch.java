package io.kvstore.codec.kryo;

import java.io.Serial;

/**
 * Thrown when the written type does not fit the declared one; caught to add the name of the
 * component.
 */
final class TypeMismatch extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  TypeMismatch(Class<?> found, DeclaredType target) {
    super("expected " + target + ", found " + found.getTypeName(), null, false, false);
  }
}
