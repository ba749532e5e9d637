package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.Optional;

/** The requirements of a codec for keys: a store identifies a key by its bytes only. */
final class KeyRules {
  private KeyRules() {}

  /**
   * Requires that equal keys have equal bytes, now and in the stored keys.
   *
   * @throws IllegalArgumentException if a class contains a type with several encodings of equal
   *     objects
   * @throws KvStoreException if a class differs from the one with which keys were written
   */
  static void require(DeclaredType type, Registry registry, Schemas schemas) {
    requireUnambiguous("the key", type, registry);
    for (ClassModel model : registry.models()) {
      if (model.kind() == Schema.Kind.CLASS) {
        throw new IllegalArgumentException(
            model.type().getName() + " can't be part of a key: make it a record");
      }
      for (Component component : model.components()) {
        String name = model.type().getName() + "." + component.name();
        requireUnambiguous(name, component.target(), registry);
      }
      requireUnchanged(model, registry, schemas);
    }
  }

  private static void requireUnambiguous(String name, DeclaredType target, Registry registry) {
    Class<?> type = target.raw();
    if (type == Optional.class) {
      requireUnambiguous(name, target.argument(0), registry);
    } else if (!BuiltIns.isKey(type) && registry.model(type) == null) {
      throw new IllegalArgumentException(
          name
              + " is a "
              + target
              + ", of which equal ones can have different bytes: a key may have primitives, their"
              + " boxes, strings, enums, records, sealed interfaces, Optional, UUID, big numbers"
              + " and java.time in it, and all classes of its own must be registered");
    }
  }

  private static void requireUnchanged(ClassModel model, Registry registry, Schemas schemas) {
    boolean isEnum = model.kind() == Schema.Kind.ENUM;
    Schema stored =
        schemas.find(s -> s.role() == Role.KEY && registry.isNameOf(s.className(), model));
    if (stored != null
        && model.kind() != Schema.Kind.TYPE
        && !(isEnum ? registry.isOf(stored, model) : registry.isSame(stored, model))) {
      throw new KvStoreException(
          model.type().getName()
              + " is part of keys, and has changed: its keys were written as ("
              + stored.toLine().replace('\t', ' ')
              + "); of a key only names may change (@FormerName) and the order of its components."
              + " Give the class its components back, or copy the entries into a new store");
    }
  }
}
