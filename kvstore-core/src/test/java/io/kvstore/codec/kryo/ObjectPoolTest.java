package io.kvstore.codec.kryo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.codec.Codec;
import io.kvstore.codec.Codecs;
import io.kvstore.testing.Threads;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ObjectPoolTest {
  private static final int MAX_KEPT = 64;

  @Test
  void objectIsUsedAgainAndByOneAtATime() {
    ObjectPool<Object> slots = new ObjectPool<>(Object::new);
    Object first = slots.acquire();
    Object second = slots.acquire();

    assertThat(second).isNotSameAs(first);
    slots.release(first);
    assertThat(slots.acquire()).isSameAs(first);
  }

  @Test
  void whatIsKeptIsBoundedWhateverTheNumberOfThreads() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    ObjectPool<Integer> slots = new ObjectPool<>(made::incrementAndGet);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int object = -i;
      threads.add(new Thread(() -> slots.release(object)));
    }
    for (Thread thread : threads) {
      thread.start();
      thread.join();
    }

    Set<Integer> kept = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      Thread thread = new Thread(() -> kept.add(slots.acquire()));
      thread.start();
      thread.join();
    }
    assertThat(kept.stream().filter(k -> k <= 0)).hasSizeBetween(1, MAX_KEPT);
  }

  @Test
  void virtualThreadsShareOneCodec() throws Exception {
    Queue<String> read = new ConcurrentLinkedQueue<>();
    Codec<String> codec =
        ((StoredCodec<String>) Codecs.kryo(String.class))
            .bind(Schemas.of(new InMemorySchemaStore(List.of())), Role.VALUE);
    CountDownLatch done = new CountDownLatch(2_000);
    for (int i = 0; i < 2_000; i++) {
      String text = "text " + i;
      startVirtual(
          () -> {
            read.add(codec.decode(codec.encode(text)));
            done.countDown();
          });
    }
    done.await();

    assertThat(new HashSet<>(read)).hasSize(2_000);
  }

  private static void startVirtual(Runnable task) throws ReflectiveOperationException {
    try {
      Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    } catch (NoSuchMethodException | InvocationTargetException e) {
      Assumptions.abort(Threads.NO_VIRTUAL_THREADS);
    }
  }
}
