package io.kvstore.codec.kryo;

/** What the objects of a codec are in its store. Each role has schemas of its own. */
public enum Role {
  /** Equal ones must have equal bytes for ever, so a class has one schema, which never changes. */
  KEY,
  /** A class that changes gets a further schema. */
  VALUE
}
