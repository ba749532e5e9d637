package io.kvstore.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The classes of the evolution tests as they were in one version, compiled from {@code
 * src/test/resources/evolution}. A file that a version does not have is as in the one before.
 */
final class EvolvedClasses {
  static final Path EVOLUTION = Path.of("src/test/resources/evolution");

  private final ClassLoader loader;
  private final List<Class<?>> all = new ArrayList<>();

  private EvolvedClasses(ClassLoader loader) {
    this.loader = loader;
  }

  /** Compiles them into a directory. */
  static EvolvedClasses compile(int version, Path to) {
    try {
      Map<Path, Path> sources = new TreeMap<>();
      for (int v = 1; v <= version; v++) {
        for (Path source : list(EVOLUTION.resolve("v" + v))) {
          sources.put(source.getFileName(), source);
        }
      }
      Path directory = Files.createDirectories(to.resolve("v" + version));
      compile(List.copyOf(sources.values()), directory);
      EvolvedClasses made =
          new EvolvedClasses(new URLClassLoader(new URL[] {directory.toUri().toURL()}));
      for (Path file : list(directory.resolve("shop"))) {
        made.add("shop." + file.getFileName().toString().replace(".class", ""));
      }
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static void compile(List<Path> sources, Path to) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-d", to.toString(), "-proc:none", "-nowarn");
      boolean done =
          compiler
              .getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      if (!done) {
        throw new AssertionError("the compiler refuses " + sources);
      }
    }
  }

  private void add(String name) {
    Class<?> type = of(name);
    if (!type.isAnonymousClass()) {
      all.add(type);
    }
  }

  Class<?> of(String name) {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns a codec that knows all classes. */
  KryoCodec<Object> codec() {
    return Codecs.kryo(Object.class, all.toArray(Class<?>[]::new));
  }

  /** Returns an object of each file of version 1, by the name of its class. */
  static Map<String, Object> samples(EvolvedClasses first) {
    Map<String, Object> samples = new TreeMap<>();
    try {
      for (Path source : list(EVOLUTION.resolve("v1"))) {
        String name = source.getFileName().toString().replace(".java", "");
        Method sample = first.of("shop." + name).getDeclaredMethod("sample");
        sample.setAccessible(true);
        samples.put(name, sample.invoke(null));
      }
      return samples;
    } catch (IOException | ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
