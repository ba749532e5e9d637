package io.kvstore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.LockedStoreException;
import io.kvstore.OpenProgress;
import io.kvstore.StoreVerifier;
import io.kvstore.codec.Codec;
import io.kvstore.codec.Codecs;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A second class loader with the classes of kvstore, as in a plugin or a web application. */
public final class OtherClasses implements AutoCloseable {
  private final URLClassLoader loader;

  public OtherClasses() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /** Opens a store with them. */
  public AutoCloseable open(Path directory) throws Exception {
    return (AutoCloseable) call(builder(directory), "open");
  }

  /** Opens a store for reading, and closes it. */
  public void readOnly(Path directory) throws Exception {
    ((AutoCloseable) call(call(builder(directory), "readOnly"), "open")).close();
  }

  /** Verifies a directory with them. */
  public void verify(Path directory) throws Exception {
    Class<?> verifier = loader.loadClass(StoreVerifier.class.getName());
    try {
      Class<?> progress = loader.loadClass(OpenProgress.class.getName());
      verifier.getMethod("verify", Path.class, progress).invoke(null, directory, null);
    } catch (InvocationTargetException e) {
      throw cause(e);
    }
  }

  /** Makes sure that a failure is the one that stands for a directory that is in use. */
  public static void isLocked(Throwable failure) {
    assertThat(failure.getClass().getName()).isEqualTo(LockedStoreException.class.getName());
    assertThat(failure).isNotInstanceOf(LockedStoreException.class);
  }

  private Object builder(Path directory) throws Exception {
    Class<?> codec = loader.loadClass(Codec.class.getName());
    Object strings = loader.loadClass(Codecs.class.getName()).getMethod("string").invoke(null);
    Class<?> stores = loader.loadClass(KvStore.class.getName());
    Object builder = stores.getMethod("builder", codec, codec).invoke(null, strings, strings);
    return builder.getClass().getMethod("directory", Path.class).invoke(builder, directory);
  }

  private static Object call(Object target, String method) throws Exception {
    try {
      return target.getClass().getMethod(method).invoke(target);
    } catch (InvocationTargetException e) {
      throw cause(e);
    }
  }

  private static Exception cause(InvocationTargetException e) {
    if (e.getCause() instanceof Exception cause) {
      return cause;
    }
    throw new AssertionError(e.getCause());
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
