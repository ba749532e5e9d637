package io.kvstore.faults;

import io.kvstore.KvStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;

/**
 * The class loader of the rewritten store: loads the store again, with a call of {@link
 * FaultPoints#hit} before each step, and the test classes that use it, unchanged. Classes in the
 * package of this class are shared.
 */
final class SteppedClasses extends ClassLoader {
  private static final String PREFIX = "io.kvstore.";
  private static final String SHARED = SteppedClasses.class.getPackageName();

  static {
    registerAsParallelCapable();
  }

  private final Path product;
  private final Releases releases = new Releases();
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, byte[]> rewritten = new ConcurrentHashMap<>();

  private SteppedClasses(Path product) {
    super(SteppedClasses.class.getClassLoader());
    this.product = product;
  }

  /** Rewrites all classes of the product; those of the tests are loaded when they are used. */
  static SteppedClasses load() {
    try {
      Path product =
          Path.of(KvStore.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      SteppedClasses loader = new SteppedClasses(product);
      loader.rewriteAll();
      return loader;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private void rewriteAll() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(product)) {
      files = all.filter(SteppedClasses::isClass).sorted().toList();
    }
    for (Path file : files) {
      releases.read(new ClassReader(Files.readAllBytes(file)));
    }
    releases.conclude();
    for (Path file : files) {
      ClassReader reader = new ClassReader(Files.readAllBytes(file));
      ClassWriter writer = new ClassWriter(0);
      reader.accept(new StepInserter(writer, steps, releases), 0);
      rewritten.put(reader.getClassName().replace('/', '.'), writer.toByteArray());
    }
  }

  private static boolean isClass(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".class") && !name.endsWith("-info.class");
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      if (isShared(name)) {
        return super.loadClass(name, resolve);
      }
      byte[] bytes = rewritten.containsKey(name) ? rewritten.get(name) : asItIs(name);
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  private static boolean isShared(String name) {
    return !name.startsWith(PREFIX) || name.substring(0, name.lastIndexOf('.')).equals(SHARED);
  }

  private byte[] asItIs(String name) throws ClassNotFoundException {
    try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** Returns a new script, which runs on the store of this loader. */
  Script script(String name) {
    try {
      Class<?> type = loadClass(SHARED + ".script." + name);
      return (Script) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }

  /** Returns the steps, by their numbers. */
  List<Step> steps() {
    return steps;
  }
}
