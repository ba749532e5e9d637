package io.kvstore.codec.kryo;

import java.util.Locale;

/** How a component is written: primitives and strings bare, all else behind a tag. */
enum WireType {
  BOOLEAN,
  BYTE,
  CHAR,
  SHORT,
  INT,
  LONG,
  FLOAT,
  DOUBLE,
  /** As Kryo writes a string, null included. */
  STRING,
  /** A tag, and what it says. */
  ANY;

  static WireType of(String type) {
    return switch (type) {
      case "boolean", "byte", "char", "short", "int", "long", "float", "double" ->
          valueOf(type.toUpperCase(Locale.ROOT));
      case "java.lang.String" -> STRING;
      default -> ANY;
    };
  }
}
