package io.kvstore.codec.kryo;

import java.io.Serial;

/** What was written is not what is declared now; to be told with the name of the component. */
final class Misfit extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  Misfit(Class<?> found, Target target) {
    super("a " + found.getTypeName() + " is no " + target, null, false, false);
  }
}
