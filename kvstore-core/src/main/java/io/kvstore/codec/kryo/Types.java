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
  TypeFormat form(Class<?> type) {
    TypeFormat form = byClass.get(type);
    return form == null ? newForm(type) : form;
  }

  private TypeFormat newForm(Class<?> type) {
    TypeFormat form = BuiltIns.of(type);
    if (form == null) {
      form = form(schema(shape(type)));
    }
    byClass.put(type, form);
    return form;
  }

  private ClassModel shape(Class<?> type) {
    Class<?> registered = type;
    if (Enum.class.isAssignableFrom(type) && !type.isEnum()) {
      registered = type.getSuperclass(); // an enum constant with a body
    }
    ClassModel shape = registry.shape(registered);
    if (shape == null) {
      String name = registered.getCanonicalName();
      throw new IllegalArgumentException(
          registered.getName()
              + " is not registered: add .with("
              + (name == null ? registered.getName() : name)
              + ".class) to Codecs.kryo(...)");
    }
    return shape;
  }

  /** Returns the schema of a class as it is now. */
  private Schema schema(ClassModel shape) {
    List<Schema.Member> members =
        shape.kind() == Schema.Kind.ENUM
            ? Arrays.stream(shape.type().getEnumConstants())
                .map(constant -> new Schema.Member(((Enum<?>) constant).name(), ""))
                .toList()
            : shape.components().stream()
                .map(c -> new Schema.Member(c.name(), c.target().toString()))
                .toList();
    boolean isOne = shape.kind() == Schema.Kind.ENUM || shape.kind() == Schema.Kind.TYPE;
    return schemas.findOrAdd(
        s -> s.role() == role && (isOne ? registry.isOf(s, shape) : registry.isSame(s, shape)),
        new Schema(0, role, shape.kind(), shape.type().getName(), members));
  }

  /**
   * Returns the format of the objects behind a tag.
   *
   * @throws KvStoreException if the tag is unknown
   */
  TypeFormat form(int tag) {
    @Nullable TypeFormat[] forms = byTag;
    int index = tag - Tags.FIRST_SCHEMA;
    if (index >= 0) {
      TypeFormat form = index < forms.length ? forms[index] : null;
      return form == null ? form(schemas.get(tag)) : form;
    }
    TypeFormat form = BuiltIns.of(tag);
    if (form == null) {
      throw new KvStoreException("unknown tag: " + tag);
    }
    return form;
  }

  private synchronized TypeFormat form(Schema schema) {
    if (schema.id() == Schemas.NOT_STORED) {
      return newForm(schema);
    }
    int index = schema.id() - Tags.FIRST_SCHEMA;
    TypeFormat there = index < byTag.length ? byTag[index] : null;
    if (there != null) {
      return there;
    }
    TypeFormat form = newForm(schema);
    @Nullable TypeFormat[] more = Arrays.copyOf(byTag, Math.max(byTag.length, index + 1));
    more[index] = form;
    byTag = more;
    return form;
  }

  private TypeFormat newForm(Schema schema) {
    ClassModel shape = registry.shape(schema.className());
    boolean isEnum = schema.kind() == Schema.Kind.ENUM;
    String problem = unregistered(schema);
    if (shape != null && isEnum != (shape.kind() == Schema.Kind.ENUM)) {
      problem =
          schema.className()
              + (isEnum ? " was an enum when the value was written" : " was not an enum")
              + ", which "
              + shape.type().getName()
              + (isEnum ? " is not" : " is");
      shape = null; // it can still be skipped
    }
    return isEnum
        ? new EnumFormat(schema, shape, schemas, problem)
        : ObjectFormat.of(schema, shape, registry, problem);
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
    TypeFormat form = BuiltIns.of(element);
    if (form != null && BuiltIns.typeOf(form.tag()) == element) {
      return form.tag();
    }
    if (form != null || element.getName().startsWith("java.")) {
      throw new IllegalArgumentException(
          "an array of " + element.getName() + " can't be written: make it a List");
    }
    return schema(shape(element)).id();
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
    ClassModel shape = registry.shape(schema.className());
    if (shape == null) {
      throw new KvStoreException(unregistered(schema));
    }
    return shape.type();
  }
}
