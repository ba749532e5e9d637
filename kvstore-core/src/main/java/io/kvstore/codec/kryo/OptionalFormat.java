package io.kvstore.codec.kryo;

import java.util.Optional;

/** The format of an {@code Optional}: its value behind a tag. */
record OptionalFormat() implements TypeFormat {

  @Override
  public int tag() {
    return Tags.OPTIONAL;
  }

  @Override
  public void write(Encoder to, Object object) {
    to.any(((Optional<?>) object).orElse(null));
  }

  @Override
  public Object read(Decoder from, DeclaredType target) {
    return Optional.ofNullable(from.any(target.argument(0)));
  }
}
