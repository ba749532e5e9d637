package io.kvstore.codec.kryo;

import java.util.Locale;

/**
 * The wire type of a component: primitives and strings without a tag, all other types behind a tag.
 */
enum WireType {
  BOOLEAN,
  BYTE,
  CHAR,
  SHORT,
  INT,
  LONG,
  FLOAT,
  DOUBLE,
  /** A string, or null, as Kryo writes it. */
  STRING,
  /** A tag and the object of its type. */
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
