package io.kvstore.codec.kryo;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Objects that serve one thread at a time, kept for the next one: a bounded number, whatever the
 * number of threads, and none by thread, so that virtual threads cost nothing. Takes no lock.
 */
final class ObjectPool<T> {
  /** The most that are kept idle: 64. A power of two. */
  private static final int MAX_KEPT = 64;

  /** How many places a thread looks at before it makes a new object, or drops one. */
  private static final int MAX_LOOKS = 4;

  private final AtomicReferenceArray<@Nullable T> kept = new AtomicReferenceArray<>(MAX_KEPT);
  private final Supplier<T> maker;

  ObjectPool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Returns an object that nobody else has. */
  T take() {
    int first = first();
    for (int i = 0; i < MAX_LOOKS; i++) {
      int at = (first + i) & (MAX_KEPT - 1);
      if (kept.getPlain(at) != null) {
        T taken = kept.getAndSet(at, null);
        if (taken != null) {
          return taken;
        }
      }
    }
    return maker.get();
  }

  /** Gives one back; one that may be broken is not to be given back. */
  void giveBack(T object) {
    int first = first();
    for (int i = 0; i < MAX_LOOKS; i++) {
      int at = (first + i) & (MAX_KEPT - 1);
      if (kept.getPlain(at) == null && kept.compareAndSet(at, null, object)) {
        return;
      }
    }
  }

  /** Few threads are spread over all places, and each comes back to its own. */
  private static int first() {
    return (int) Thread.currentThread().getId() * MAX_LOOKS;
  }
}
