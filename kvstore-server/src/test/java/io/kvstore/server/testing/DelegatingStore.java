package io.kvstore.server.testing;

import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory of which a test changes what it wants: {@link #changed} calls those methods of
 * a subclass that are marked {@link Instead}, and for all others the store that is behind it.
 */
public class DelegatingStore {

  /** Marks a method that is called in place of the store's method of that name and parameters. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  public @interface Instead {}

  private final KvStore<byte[], byte[]> behind =
      KvStore.builder(Codecs.bytes(), Codecs.bytes()).open();
  private final Map<Method, Method> instead = new HashMap<>();
  private final KvStore<byte[], byte[]> changed;

  public DelegatingStore() {
    for (Class<?> type = getClass(); type != DelegatingStore.class; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Instead.class)) {
          method.setAccessible(true);
          instead.putIfAbsent(replacedBy(method), method);
        }
      }
    }
    Object proxy =
        Proxy.newProxyInstance(
            KvStore.class.getClassLoader(),
            new Class<?>[] {KvStore.class},
            (self, method, arguments) -> call(method, arguments));
    @SuppressWarnings("unchecked") // as the store behind it
    KvStore<byte[], byte[]> store = (KvStore<byte[], byte[]>) proxy;
    changed = store;
  }

  /** Returns the method of {@link KvStore} that has the name, and takes the parameters. */
  private static Method replacedBy(Method method) {
    for (Method candidate : KvStore.class.getMethods()) {
      if (candidate.getName().equals(method.getName()) && takes(candidate, method)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(method + " is in place of nothing in KvStore");
  }

  private static boolean takes(Method candidate, Method method) {
    Class<?>[] erased = candidate.getParameterTypes();
    Class<?>[] types = method.getParameterTypes();
    if (erased.length != types.length) {
      return false;
    }
    for (int i = 0; i < types.length; i++) {
      Class<?> wanted = erased[i] == Object.class ? byte[].class : erased[i];
      if (wanted != types[i]) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    Method own = instead.get(method);
    try {
      return own == null ? method.invoke(behind, arguments) : own.invoke(this, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Returns the store with what the test has changed. */
  public final KvStore<byte[], byte[]> changed() {
    return changed;
  }

  /** Returns the store without. */
  public final KvStore<byte[], byte[]> behind() {
    return behind;
  }
}
