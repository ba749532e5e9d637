package io.kvstore.codec.kryo;

import org.jspecify.annotations.Nullable;

/**
 * How the objects of some class are written and read, what is in front of them aside. Each takes
 * one byte at least, so that the bytes that are left bound how many there can be. For any thread.
 */
interface TypeFormat {

  /** Returns what is written in front. */
  int tag();

  /** Writes an object. */
  void write(Encoder to, Object object);

  /** Reads one, or passes over it and returns whatever there is if it is to be skipped. */
  @Nullable Object read(Decoder from, DeclaredType target);
}
