package io.kvstore.codec.kryo;

/** The role of a codec in its store. Each role has schemas of its own. */
public enum Role {
  /**
   * The codec of the keys. Equal keys must always have equal bytes, so a class has one schema,
   * which never changes.
   */
  KEY,
  /** The codec of the values. A class that changes gets a further schema. */
  VALUE
}
