package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that no signature of the public API names a type that is not exported. */
class ApiTest {
  private final Set<String> exported = new LinkedHashSet<>();
  private final List<String> leaks = new ArrayList<>();

  @Test
  void signaturesNameExportedTypesOnly() throws Exception {
    Path classes =
        Path.of(KvStore.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (InputStream file = Files.newInputStream(classes.resolve("module-info.class"))) {
      ModuleDescriptor.read(file).exports().stream()
          .filter(exports -> !exports.isQualified())
          .forEach(exports -> exported.add(exports.source()));
    }
    List<Class<?>> api = new ArrayList<>();
    for (String name : exported) {
      api.addAll(visibleTypes(classes.resolve(name.replace('.', '/')), name));
    }

    api.forEach(this::check);

    assertThat(exported).containsExactlyInAnyOrder("io.kvstore", "io.kvstore.codec");
    assertThat(api).contains(KvStore.class, KvStoreBuilder.class, io.kvstore.codec.Codecs.class);
    assertThat(leaks).isEmpty();
  }

  @Test
  void leakIsFound() {
    exported.add("io.kvstore");

    check(Leaking.class);

    assertThat(leaks).hasSize(3);
  }

  /** A class with hidden types in a method, a field and a supertype. */
  public abstract static class Leaking implements Iterable<io.kvstore.codec.Codec<String>> {
    protected List<? extends io.kvstore.codec.Codec<?>[]> field = List.of();

    /** Names one as a bound. */
    public abstract <T extends io.kvstore.codec.Codec<T>> void method();

    abstract io.kvstore.codec.Codec<String> hidden();
  }

  private static List<Class<?>> visibleTypes(Path directory, String name)
      throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        String simple = file.getFileName().toString();
        if (simple.endsWith(".class") && !simple.equals("package-info.class")) {
          Class<?> type = Class.forName(name + "." + simple.replace(".class", ""));
          if (isVisible(type.getModifiers())) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private void check(Class<?> type) {
    if (type.getGenericSuperclass() != null) {
      check(type, type.getGenericSuperclass());
    }
    check(type, type.getGenericInterfaces());
    checkBounds(type, type.getTypeParameters());
    for (Field field : type.getDeclaredFields()) {
      if (isApi(field)) {
        check(field, field.getGenericType());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isApi(constructor)) {
        check(constructor, constructor.getGenericParameterTypes());
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isApi(method)) {
        check(method, method.getGenericReturnType());
        check(method, method.getGenericParameterTypes());
        check(method, method.getGenericExceptionTypes());
        checkBounds(method, method.getTypeParameters());
      }
    }
  }

  private static boolean isApi(Member member) {
    return isVisible(member.getModifiers()) && !member.isSynthetic();
  }

  private void checkBounds(AnnotatedElement where, TypeVariable<?>... variables) {
    for (TypeVariable<?> variable : variables) {
      check(where, variable.getBounds());
    }
  }

  private void check(AnnotatedElement where, Type... types) {
    for (Type type : types) {
      if (type instanceof Class<?> named) {
        checkClass(where, named);
      } else if (type instanceof GenericArrayType array) {
        check(where, array.getGenericComponentType());
      } else if (type instanceof WildcardType wildcard) {
        check(where, wildcard.getUpperBounds());
        check(where, wildcard.getLowerBounds());
      } else if (type instanceof ParameterizedType parameterized) {
        check(where, parameterized.getRawType());
        check(where, parameterized.getActualTypeArguments());
      }
    }
  }

  private void checkClass(AnnotatedElement where, Class<?> named) {
    Class<?> type = named;
    while (type.isArray()) {
      type = type.getComponentType();
    }
    boolean ours = exported.contains(type.getPackageName()) && isVisible(type.getModifiers());
    if (!type.isPrimitive() && !type.getPackageName().startsWith("java.") && !ours) {
      leaks.add(where + " names " + type);
    }
  }
}
