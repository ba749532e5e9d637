package io.kvstore.codec.kryo;

import io.kvstore.codec.FormerName;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The model of a registered class, as the class is now.
 *
 * @param components components of a record, fields of a class
 * @param creator constructor of a record, from an array of all components, or of a class, without
 *     arguments
 * @param constants constants of an enum, by their names and former names
 */
record ClassModel(
    Class<?> type,
    Schema.Kind kind,
    Set<String> formerNames,
    List<Component> components,
    @Nullable MethodHandle creator,
    Map<String, Enum<?>> constants) {

  static Set<String> formerNames(AnnotatedElement element) {
    FormerName names = element.getAnnotation(FormerName.class);
    return names == null ? Set.of() : new LinkedHashSet<>(Arrays.asList(names.value()));
  }

  static Set<String> and(Set<String> names, String name) {
    Set<String> all = new LinkedHashSet<>(names);
    all.add(name);
    return all;
  }

  ClassModel withFormerName(String former) {
    return new ClassModel(type, kind, and(formerNames, former), components, creator, constants);
  }

  /** Returns this model with a further former name of a component or a constant. */
  ClassModel withFormerName(String name, String former) {
    if (kind == Schema.Kind.ENUM) {
      Enum<?> constant = constants.get(name);
      if (constant == null) {
        throw new IllegalArgumentException(type.getName() + " has no constant " + name);
      }
      Map<String, Enum<?>> all = new TreeMap<>(constants);
      Enum<?> other = all.putIfAbsent(former, constant);
      if (other != null && !other.equals(constant)) {
        throw new IllegalArgumentException(type.getName() + " has " + former + " already");
      }
      return new ClassModel(type, kind, formerNames, components, creator, all);
    }
    return withComponent(component(name).withFormerName(former));
  }

  ClassModel withDefault(String name, Object value) {
    Component component = component(name);
    if (!component.target().raw().isInstance(value)) {
      throw new IllegalArgumentException(
          "the default of "
              + type.getName()
              + "."
              + name
              + " is a "
              + value.getClass().getName()
              + ", not a "
              + component.target());
    }
    return withComponent(component.withDefault(value));
  }

  private Component component(String name) {
    return components.stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(type.getName() + " has no component " + name));
  }

  private ClassModel withComponent(Component changed) {
    List<Component> all = new ArrayList<>(components);
    all.replaceAll(c -> c.name().equals(changed.name()) ? changed : c);
    return new ClassModel(type, kind, formerNames, all, creator, constants).checked();
  }

  /**
   * Checks the names and returns this model.
   *
   * @throws IllegalArgumentException if two components have, or had, the same name
   */
  ClassModel checked() {
    Set<String> names = new LinkedHashSet<>();
    for (Component component : components) {
      for (String name : and(component.formerNames(), component.name())) {
        if (!names.add(name)) {
          throw new IllegalArgumentException(
              "two components of " + type.getName() + " have, or had, the name " + name);
        }
        requirePlain(name);
      }
    }
    formerNames.forEach(this::requirePlain);
    requirePlain(type.getName());
    return this;
  }

  private void requirePlain(String name) {
    if (name.isEmpty() || name.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException(type.getName() + " has the name '" + name + "' in it");
    }
  }

  /**
   * Returns the index of the component that was written under a name, or -1 if there is none any
   * more.
   */
  int indexOf(String writtenName, Set<String> written) {
    for (int i = 0; i < components.size(); i++) {
      if (components.get(i).name().equals(writtenName)) {
        return i;
      }
    }
    for (int i = 0; i < components.size(); i++) {
      Component component = components.get(i);
      if (!written.contains(component.name()) && component.formerNames().contains(writtenName)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Creates an object; components that are {@link Component#UNSET} keep the value that the
   * constructor gave them.
   */
  Object create(@Nullable Object[] values) throws Throwable {
    MethodHandle make = Objects.requireNonNull(creator);
    if (kind == Schema.Kind.RECORD) {
      return (Object) make.invokeExact(values);
    }
    Object made = (Object) make.invokeExact();
    for (int i = 0; i < values.length; i++) {
      MethodHandle setter = components.get(i).setter();
      if (setter != null && values[i] != Component.UNSET) {
        setter.invokeExact(made, values[i]);
      }
    }
    return made;
  }
}
