package io.kvstore.codec.kryo;

import java.io.Serial;

/** What was written is not what is declared now; to be told with the name of the component. */
final class TypeMismatch extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  TypeMismatch(Class<?> found, DeclaredType target) {
    super("a " + found.getTypeName() + " is no " + target, null, false, false);
  }
}
