package io.kvstore.codec.kryo;

import java.util.Optional;

/** What may be there, behind its tag. */
record OptionalForm() implements Form {

  @Override
  public int tag() {
    return Tags.OPTIONAL;
  }

  @Override
  public void write(Encoder to, Object object) {
    to.any(((Optional<?>) object).orElse(null));
  }

  @Override
  public Object read(Decoder from, Target target) {
    return Optional.ofNullable(from.any(target.argument(0)));
  }
}
