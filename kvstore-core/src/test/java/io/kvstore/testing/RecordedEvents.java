package io.kvstore.testing;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.StoreListener;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A listener that records its events, for any listener interface, and runs an action of the test.
 */
public final class RecordedEvents {
  private static final long LIMIT_SECONDS = 60;

  /** One call of a listener. */
  public record Event(String name, List<Object> arguments, Thread thread) {
    /** Returns the argument that says it all. */
    public <T> T as(Class<T> type) {
      return arguments.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
    }
  }

  private final Runnable then;

  @GuardedBy("this")
  private final List<Event> events = new ArrayList<>();

  public RecordedEvents() {
    this(() -> {});
  }

  /**
   * @param then run by each call of the listener, once it has been recorded
   */
  public RecordedEvents(Runnable then) {
    this.then = then;
  }

  public StoreListener listener() {
    return (StoreListener)
        Proxy.newProxyInstance(
            StoreListener.class.getClassLoader(),
            new Class<?>[] {StoreListener.class},
            (self, method, arguments) -> {
              add(method, arguments);
              then.run();
              return null;
            });
  }

  private synchronized void add(Method method, Object[] arguments) {
    events.add(new Event(method.getName(), List.of(arguments), Thread.currentThread()));
    notifyAll();
  }

  public synchronized List<Event> all() {
    return List.copyOf(events);
  }

  public List<Event> of(String name) {
    return all().stream().filter(event -> event.name().equals(name)).toList();
  }

  /** Returns what records of a type were told. */
  public <T> List<T> of(String name, Class<T> type) {
    return of(name).stream().map(event -> event.as(type)).toList();
  }

  /** Waits for so many events of a name. */
  public synchronized List<Event> await(String name, int count) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (of(name).size() < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(name + " is missing among " + events);
      }
      wait(left);
    }
    return of(name);
  }
}
