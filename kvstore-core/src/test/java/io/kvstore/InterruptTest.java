package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvstore.testing.Configuration;
import io.kvstore.testing.Threads;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts of callers: calls finish, and threads keep their interrupt status. */
class InterruptTest {
  private static final int WORKERS = 4;

  @TempDir Path directory;

  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final List<Thread> workers = new ArrayList<>();
  private final CountDownLatch started = new CountDownLatch(WORKERS);

  /** Each call lets the storm go on: it must not take the processor from those it hits. */
  private final Semaphore calls = new Semaphore(0);

  private volatile boolean over;

  @ParameterizedTest
  @EnumSource
  void stormOfInterruptsBreaksNothing(Configuration configuration) throws Exception {
    int puts = configuration == Configuration.SYNC ? 300 : 2_000;
    try (KvStore<String, String> store =
        configuration.strings(directory).maxSegmentBytes(4 << 10).open()) {
      try (Threads threads = new Threads()) {
        for (int i = 0; i < WORKERS; i++) {
          String name = "worker" + i + " ";
          threads.run(() -> work(store, name, puts));
        }
        started.await();
        Future<Void> storm = threads.start(this::interruptAll);
        threads.join(storm);
        over = true;
        calls.release();
        threads.join();
      }

      store.put("after", "the storm");
      acknowledged.put("after", "the storm");
      assertThat(store.stats().appendedBytes()).isGreaterThan(10 * 4096);
      assertHoldsWhatWasAcknowledged(store);
    }
    if (configuration.isDurable()) {
      try (KvStore<String, String> store = configuration.strings(directory).open()) {
        assertHoldsWhatWasAcknowledged(store);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void interruptedThreadKeepsItsStatusInEveryCall(Configuration configuration) {
    Thread.currentThread().interrupt();
    try {
      KvStore<String, String> store =
          configuration.strings(directory).maxSegmentBytes(4 << 10).open();
      assertInterrupted();
      for (int i = 0; i < 200; i++) {
        store.put("key" + i, "x".repeat(100));
        assertInterrupted();
      }
      store.putAsync("key", "async").join();
      assertThat(store.delete("key0")).isTrue();
      assertThat(store.get("key1")).hasSize(100);
      store.sync();
      store.forEach(entry -> assertThat(entry.version()).isPositive());
      assertThat(store.stats().entries()).isEqualTo(200);
      assertInterrupted();
      store.close();
      assertInterrupted();
    } finally {
      Thread.interrupted();
    }
    if (configuration.isDurable()) {
      try (KvStore<String, String> store = configuration.strings(directory).open()) {
        assertThat(store.size()).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PROCESS", "INTERVAL", "SYNC"})
  void openingAndClosingUnderInterruptsLosesNothing(Configuration configuration) throws Exception {
    try (Threads threads = new Threads()) {
      CountDownLatch opening = new CountDownLatch(1);
      threads.run(
          () -> {
            workers.add(Thread.currentThread());
            opening.countDown();
            for (int i = 0; i < 20; i++) {
              try (KvStore<String, String> store =
                  configuration.strings(directory).maxSegmentBytes(4 << 10).open()) {
                assertThat(store.size()).isEqualTo(i * 50L);
                for (int j = 0; j < 50; j++) {
                  store.putAsync(i + " " + j, "x".repeat(100));
                }
              }
            }
          });
      opening.await();
      Future<Void> storm = threads.start(this::interruptAll);
      threads.join(storm);
      over = true;
      calls.release();
      threads.join();
    }

    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      assertThat(store.size()).isEqualTo(1_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void thousandsOfVirtualThreadsMayCall(Configuration configuration) throws Exception {
    ExecutorService virtual = virtualThreads();
    assumeTrue(virtual != null, Threads.NO_VIRTUAL_THREADS);
    try (KvStore<String, String> store =
        configuration.strings(directory).maxSegmentBytes(64 << 10).open()) {
      List<Future<String>> found = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        String key = "key" + i;
        found.add(
            virtual.submit(
                () -> {
                  store.put(key, "value of " + key);
                  return store.get(key);
                }));
      }

      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).get(60, TimeUnit.SECONDS)).isEqualTo("value of key" + i);
      }
      assertThat(store.size()).isEqualTo(5_000);
    } finally {
      virtual.shutdownNow();
    }
  }

  /** Returns null where there are no virtual threads, before JDK 21. */
  private static ExecutorService virtualThreads() throws ReflectiveOperationException {
    try {
      Method method =
          java.util.concurrent.Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
      return (ExecutorService) method.invoke(null);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private void work(KvStore<String, String> store, String name, int puts) {
    synchronized (workers) {
      workers.add(Thread.currentThread());
    }
    started.countDown();
    for (int i = 0; i < puts; i++) {
      calls.release();
      String key = name + i % 500;
      if (i % 7 == 3) {
        assertThat(store.delete(key)).isEqualTo(acknowledged.remove(key) != null);
      } else {
        String value = i + "x".repeat(100);
        store.put(key, value);
        acknowledged.put(key, value);
      }
      assertThat(store.get(key)).isEqualTo(acknowledged.get(key));
      if (i % 16 == 0) {
        store.sync();
      }
    }
  }

  private Void interruptAll() {
    while (!over) {
      calls.acquireUninterruptibly();
      synchronized (workers) {
        workers.forEach(Thread::interrupt);
      }
    }
    return null;
  }

  private void assertHoldsWhatWasAcknowledged(KvStore<String, String> store) {
    assertThat(store.size()).isEqualTo(acknowledged.size());
    acknowledged.forEach((key, value) -> assertThat(store.get(key)).isEqualTo(value));
  }

  private static void assertInterrupted() {
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }
}
