package io.kvstore.codec.kryo;

import org.jspecify.annotations.Nullable;

/**
 * The format of the objects of a class, without the tag in front of them. Each object takes at
 * least one byte, so that the remaining bytes bound the number of objects. Thread-safe.
 */
interface TypeFormat {

  /** Returns the tag of the format. */
  int tag();

  /** Writes an object. */
  void write(Encoder to, Object object);

  /** Reads an object; if it is to be skipped, reads past it and returns anything. */
  @Nullable Object read(Decoder from, DeclaredType target);
}
