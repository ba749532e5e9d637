package io.kvstore.codec.kryo;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock-free object pool. It keeps a bounded number of idle objects, whatever the number of
 * threads, and no thread-locals, so that virtual threads cost nothing.
 */
final class ObjectPool<T> {
  /** The maximum number of idle objects: 64. A power of two. */
  private static final int MAX_IDLE = 64;

  /** The number of slots that a thread probes before it creates a new object, or drops one. */
  private static final int MAX_PROBES = 4;

  private final AtomicReferenceArray<@Nullable T> idle = new AtomicReferenceArray<>(MAX_IDLE);
  private final Supplier<T> maker;

  ObjectPool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Returns an idle or new object for exclusive use. */
  T acquire() {
    int first = first();
    for (int i = 0; i < MAX_PROBES; i++) {
      int at = (first + i) & (MAX_IDLE - 1);
      if (idle.getPlain(at) != null) {
        T acquired = idle.getAndSet(at, null);
        if (acquired != null) {
          return acquired;
        }
      }
    }
    return maker.get();
  }

  /** Returns an object to the pool. An object that may be broken must not be returned. */
  void release(T object) {
    int first = first();
    for (int i = 0; i < MAX_PROBES; i++) {
      int at = (first + i) & (MAX_IDLE - 1);
      if (idle.getPlain(at) == null && idle.compareAndSet(at, null, object)) {
        return;
      }
    }
  }

  /**
   * Returns the first slot to probe: threads are spread over all slots, and each returns to its
   * own.
   */
  private static int first() {
    return (int) Thread.currentThread().getId() * MAX_PROBES;
  }
}
