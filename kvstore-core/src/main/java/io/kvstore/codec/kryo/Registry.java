package io.kvstore.codec.kryo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The registered classes, which a codec may write and instantiate in addition to the built-in ones.
 */
final class Registry {
  private static final Pattern NAME = Pattern.compile("[^<>,\\[\\] ]+");

  /** The classes in the order of their registration, for the legacy format. */
  private final List<Class<?>> named;

  private final Map<Class<?>, ClassModel> models;
  private final Map<String, ClassModel> byName;

  private Registry(List<Class<?>> named, Map<Class<?>, ClassModel> models) {
    this.named = named;
    this.models = models;
    this.byName = byName(models.values());
  }

  static Registry of(Class<?>... classes) {
    return new Registry(List.of(), Map.of()).with(classes);
  }

  private static Map<String, ClassModel> byName(Collection<ClassModel> models) {
    Map<String, ClassModel> byName = new TreeMap<>();
    for (ClassModel model : models) {
      for (String name : ClassModel.and(model.formerNames(), model.type().getName())) {
        ClassModel other = byName.put(name, model);
        if (other != null) {
          throw new IllegalArgumentException(
              other.type().getName()
                  + " and "
                  + model.type().getName()
                  + " both have, or had, the name "
                  + name);
        }
      }
    }
    return byName;
  }

  Registry with(Class<?>... classes) {
    List<Class<?>> names = new ArrayList<>(named);
    Map<Class<?>, ClassModel> all = new LinkedHashMap<>(models);
    for (Class<?> type : classes) {
      Objects.requireNonNull(type, "class");
      if (!names.contains(type)) {
        names.add(type);
      }
      add(type, all);
    }
    return new Registry(List.copyOf(names), all);
  }

  private static void add(Class<?> type, Map<Class<?>, ClassModel> all) {
    if (type.isArray()) {
      if (!type.getComponentType().isPrimitive()) {
        add(type.getComponentType(), all);
      }
    } else if (type != Object.class && BuiltIns.of(type) == null && !all.containsKey(type)) {
      all.put(type, ClassModelReader.read(type));
      if (type.isSealed() && !type.isEnum()) {
        Arrays.stream(type.getPermittedSubclasses()).forEach(permitted -> add(permitted, all));
      }
    }
  }

  /** Returns this registry with the model of one registered class changed. */
  Registry with(Class<?> type, UnaryOperator<ClassModel> change) {
    ClassModel model = models.get(type);
    if (model == null) {
      throw new IllegalArgumentException(
          type.getName() + " is not registered: call with(" + type.getSimpleName() + ".class)");
    }
    Map<Class<?>, ClassModel> all = new LinkedHashMap<>(models);
    all.put(type, change.apply(model));
    return new Registry(named, all);
  }

  List<Class<?>> named() {
    return named;
  }

  Collection<ClassModel> models() {
    return models.values();
  }

  @Nullable ClassModel model(Class<?> type) {
    return models.get(type);
  }

  /**
   * Returns the model of the class that was written under a name, or null if it is not registered.
   */
  @Nullable ClassModel model(String writtenName) {
    return byName.get(writtenName);
  }

  /**
   * Returns whether a schema has the same components as a class, in any order and under any names.
   */
  boolean isSame(Schema schema, ClassModel model) {
    if (!isOf(schema, model) || schema.members().size() != model.components().size()) {
      return false;
    }
    Set<String> written = schema.names();
    for (Schema.Member member : schema.members()) {
      int index = model.indexOf(member.name(), written);
      if (index < 0
          || !renamed(member.type()).equals(model.components().get(index).target().toString())) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a schema belongs to a class, in any of its versions. */
  boolean isOf(Schema schema, ClassModel model) {
    return schema.kind() == model.kind() && isNameOf(schema.className(), model);
  }

  /** Returns whether a class has, or had, a name. */
  boolean isNameOf(String writtenName, ClassModel model) {
    ClassModel found = byName.get(writtenName);
    return found != null && found.type().equals(model.type());
  }

  /** Returns the name of a type with the current names of its classes. */
  String renamed(String type) {
    Matcher names = NAME.matcher(type);
    return names.replaceAll(
        name -> {
          ClassModel model = byName.get(name.group());
          return Matcher.quoteReplacement(model == null ? name.group() : model.type().getName());
        });
  }
}
