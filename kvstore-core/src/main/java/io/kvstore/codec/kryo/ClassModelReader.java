package io.kvstore.codec.kryo;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the model of a class by reflection, once, when it is registered; no value needs reflection
 * after that.
 */
final class ClassModelReader {
  private static final String MAKE_A_RECORD = ": make it a record";

  private ClassModelReader() {}

  /**
   * Returns the model of a class that is not built in.
   *
   * @throws IllegalArgumentException if the class can't be written; the message says what to do
   */
  static ClassModel read(Class<?> type) {
    if (type.isAnnotation() || type.isPrimitive() || type.isHidden()) {
      throw unregistrable(type, "is not a class for values");
    }
    if (type.isEnum()) {
      return enumOf(type);
    }
    if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
      return new ClassModel(
          type, Schema.Kind.TYPE, ClassModel.formerNames(type), List.of(), null, Map.of());
    }
    try {
      return (type.isRecord() ? record(type) : plain(type)).checked();
    } catch (IllegalAccessException | NoSuchMethodException e) {
      throw new IllegalArgumentException(
          type.getName()
              + " can't be used by kvstore; its module has to say: opens "
              + type.getPackageName()
              + " to io.kvstore.core",
          e);
    }
  }

  private static IllegalArgumentException unregistrable(Class<?> type, String why) {
    return new IllegalArgumentException(type.getName() + " can't be registered: it " + why);
  }

  private static ClassModel enumOf(Class<?> type) {
    Map<String, Enum<?>> constants = new TreeMap<>();
    for (Object constant : type.getEnumConstants()) {
      Enum<?> one = (Enum<?>) constant;
      constants.put(one.name(), one);
    }
    for (Enum<?> constant : List.copyOf(constants.values())) {
      try {
        for (String former : ClassModel.formerNames(type.getField(constant.name()))) {
          if (constants.putIfAbsent(former, constant) != null) {
            throw unregistrable(type, "has two constants that have, or had, the name " + former);
          }
        }
      } catch (NoSuchFieldException e) {
        throw unregistrable(type, "has a constant without a field: " + constant);
      }
    }
    return new ClassModel(
        type, Schema.Kind.ENUM, ClassModel.formerNames(type), List.of(), null, constants);
  }

  private static MethodHandles.Lookup lookup(Class<?> type) throws IllegalAccessException {
    ClassModelReader.class.getModule().addReads(type.getModule());
    return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
  }

  private static ClassModel record(Class<?> type)
      throws IllegalAccessException, NoSuchMethodException {
    MethodHandles.Lookup lookup = lookup(type);
    List<Component> components = new ArrayList<>();
    List<Class<?>> types = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Class<?> c = component.getType();
      types.add(c);
      components.add(
          new Component(
              component.getName(),
              ClassModel.formerNames(component),
              DeclaredType.of(component.getGenericType()),
              lookup.unreflect(component.getAccessor()).asType(getterType(c)),
              null,
              Component.defaultOf(c)));
    }
    MethodHandle creator =
        lookup
            .findConstructor(type, methodType(void.class, types))
            .asSpreader(Object[].class, types.size())
            .asType(methodType(Object.class, Object[].class));
    return new ClassModel(
        type, Schema.Kind.RECORD, ClassModel.formerNames(type), components, creator, Map.of());
  }

  private static MethodType getterType(Class<?> c) {
    return methodType(c.isPrimitive() ? c : Object.class, Object.class);
  }

  private static ClassModel plain(Class<?> type) throws IllegalAccessException {
    if (type.getName().startsWith("java.")) {
      throw unregistrable(type, "is a class of the JDK that the codec does not support");
    }
    List<Component> components = new ArrayList<>();
    for (Class<?> c : lineage(type)) {
      MethodHandles.Lookup lookup = lookup(c);
      for (Field field : c.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          requireOrdinary(type, field);
          if (!Modifier.isTransient(field.getModifiers())) {
            components.add(component(lookup, field));
          }
        }
      }
    }
    return new ClassModel(
        type,
        Schema.Kind.CLASS,
        ClassModel.formerNames(type),
        components,
        constructor(type),
        Map.of());
  }

  /** Returns the class and its superclasses, the topmost first. */
  private static List<Class<?>> lineage(Class<?> type) {
    List<Class<?>> lineage = new ArrayList<>();
    for (Class<?> c = type; c != Object.class; c = c.getSuperclass()) {
      if (c.getName().startsWith("java.")) {
        throw unregistrable(type, "extends " + c.getName() + ", whose fields are the JDK's own");
      }
      lineage.add(c);
    }
    Collections.reverse(lineage);
    return lineage;
  }

  private static void requireOrdinary(Class<?> type, Field field) {
    if (field.isSynthetic()) {
      throw unregistrable(
          type, "belongs to an object of another class: make it static, or a record");
    }
    if (Modifier.isFinal(field.getModifiers())) {
      throw unregistrable(
          type,
          "has the final field "
              + field.getName()
              + ", which only its constructor may set (from JDK 26 on reflection may not either)"
              + MAKE_A_RECORD
              + ", or the field not final");
    }
  }

  private static Component component(MethodHandles.Lookup lookup, Field field)
      throws IllegalAccessException {
    return new Component(
        field.getName(),
        ClassModel.formerNames(field),
        DeclaredType.of(field.getGenericType()),
        lookup.unreflectGetter(field).asType(getterType(field.getType())),
        lookup.unreflectSetter(field).asType(methodType(void.class, Object.class, Object.class)),
        Component.UNSET);
  }

  private static MethodHandle constructor(Class<?> type) throws IllegalAccessException {
    Constructor<?> found =
        Arrays.stream(type.getDeclaredConstructors())
            .filter(c -> c.getParameterCount() == 0)
            .findFirst()
            .orElseThrow(
                () -> unregistrable(type, "has no constructor without parameters" + MAKE_A_RECORD));
    return lookup(type).unreflectConstructor(found).asType(methodType(Object.class));
  }
}
