package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The formats of all classes, for one codec in one store. Thread-safe. */
final class Types {
  private final Registry registry;
  private final Schemas schemas;
  private final Role role;
  private final Map<Class<?>, TypeFormat> byClass = new ConcurrentHashMap<>();
  private volatile @Nullable TypeFormat[] byTag = new @Nullable TypeFormat[0];

  Types(Registry registry, Schemas schemas, Role role) {
    this.registry = registry;
    this.schemas = schemas;
    this.role = role;
  }

  Schemas schemas() {
    return schemas;
  }

  Role role() {
    return role;
  }

  /**
   * Returns the format in which objects of a class are written now. Its schema is durable on
   * return.
   *
   * @throws IllegalArgumentException if the class is not registered
   */
  TypeFormat format(Class<?> type) {
    TypeFormat format = byClass.get(type);
    return format == null ? newFormat(type) : format;
  }

  private TypeFormat newFormat(Class<?> type) {
    TypeFormat format = BuiltIns.of(type);
    if (format == null) {
      format = format(schema(model(type)));
    }
    byClass.put(type, format);
    return format;
  }

  private ClassModel model(Class<?> type) {
    Class<?> registered = type;
    if (Enum.class.isAssignableFrom(type) && !type.isEnum()) {
      registered = type.getSuperclass(); // an enum constant with a body
    }
    ClassModel model = registry.model(registered);
    if (model == null) {
      String name = registered.getCanonicalName();
      throw new IllegalArgumentException(
          registered.getName()
              + " is not registered: add .with("
              + (name == null ? registered.getName() : name)
              + ".class) to Codecs.kryo(...)");
    }
    return model;
  }

  /** Returns the schema of a class as it is now. */
  private Schema schema(ClassModel model) {
    List<Schema.Member> members =
        model.kind() == Schema.Kind.ENUM
            ? Arrays.stream(model.type().getEnumConstants())
                .map(constant -> new Schema.Member(((Enum<?>) constant).name(), ""))
                .toList()
            : model.components().stream()
                .map(c -> new Schema.Member(c.name(), c.target().toString()))
                .toList();
    boolean isOne = model.kind() == Schema.Kind.ENUM || model.kind() == Schema.Kind.TYPE;
    return schemas.findOrAdd(
        s -> s.role() == role && (isOne ? registry.isOf(s, model) : registry.isSame(s, model)),
        new Schema(0, role, model.kind(), model.type().getName(), members));
  }

  /**
   * Returns the format of the objects behind a tag.
   *
   * @throws KvStoreException if the tag is unknown
   */
  TypeFormat format(int tag) {
    @Nullable TypeFormat[] formats = byTag;
    int index = tag - Tags.FIRST_SCHEMA;
    if (index >= 0) {
      TypeFormat format = index < formats.length ? formats[index] : null;
      return format == null ? format(schemas.get(tag)) : format;
    }
    TypeFormat format = BuiltIns.of(tag);
    if (format == null) {
      throw new KvStoreException("unknown tag: " + tag);
    }
    return format;
  }

  private synchronized TypeFormat format(Schema schema) {
    if (schema.id() == Schemas.NOT_STORED) {
      return newFormat(schema);
    }
    int index = schema.id() - Tags.FIRST_SCHEMA;
    TypeFormat there = index < byTag.length ? byTag[index] : null;
    if (there != null) {
      return there;
    }
    TypeFormat format = newFormat(schema);
    @Nullable TypeFormat[] more = Arrays.copyOf(byTag, Math.max(byTag.length, index + 1));
    more[index] = format;
    byTag = more;
    return format;
  }

  private TypeFormat newFormat(Schema schema) {
    ClassModel model = registry.model(schema.className());
    boolean isEnum = schema.kind() == Schema.Kind.ENUM;
    String problem = unregistered(schema);
    if (model != null && isEnum != (model.kind() == Schema.Kind.ENUM)) {
      problem =
          schema.className()
              + (isEnum ? " was an enum when the value was written" : " was not an enum")
              + ", which "
              + model.type().getName()
              + (isEnum ? " is not" : " is");
      model = null; // it can still be skipped
    }
    return isEnum
        ? new EnumFormat(schema, model, schemas, problem)
        : ObjectFormat.of(schema, model, registry, problem);
  }

  private static String unregistered(Schema schema) {
    return schema.className()
        + " was written and is not registered now: add .with(...) to Codecs.kryo(...) for it,"
        + " or .formerName(..., \""
        + schema.className()
        + "\") for the class that it has become";
  }

  /** Returns the tag of a class as element type of an array. */
  int tagOf(Class<?> element) {
    TypeFormat format = BuiltIns.of(element);
    if (format != null && BuiltIns.typeOf(format.tag()) == element) {
      return format.tag();
    }
    if (format != null || element.getName().startsWith("java.")) {
      throw new IllegalArgumentException(
          "an array of " + element.getName() + " can't be written: make it a List");
    }
    return schema(model(element)).id();
  }

  /** Returns the element type of an array for a tag. */
  Class<?> typeOf(int tag) {
    Class<?> builtIn = BuiltIns.typeOf(tag);
    if (builtIn != null) {
      return builtIn;
    }
    if (tag < Tags.FIRST_SCHEMA) {
      throw new KvStoreException("unknown tag of array elements: " + tag);
    }
    Schema schema = schemas.get(tag);
    ClassModel model = registry.model(schema.className());
    if (model == null) {
      throw new KvStoreException(unregistered(schema));
    }
    return model.type();
  }
}
