package io.kvstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.testing.Configuration;
import io.kvstore.testing.LinearizabilityChecker;
import io.kvstore.testing.Operation;
import io.kvstore.testing.Threads;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Linearizability under load: many threads on few keys, while others make the index grow, use up
 * its free slots, and make the log roll. Every read and every result of a delete is explained by
 * some order of the writes.
 */
class ConcurrencyTest {
  /** The last one is put rarely, so that most of its deletes meet other deletes. */
  private static final String[] KEYS = {"red", "green", "blue"};

  private static final int WRITERS = 2;
  private static final int DELETERS = 3;
  private static final int READERS = 3;
  private static final int MAX_OUTSTANDING = 3;

  /** Calls of each thread in a round: those that are quick would else be over before the rest. */
  private static final int CHANGES = 10;

  private static final int READS = 50;

  @TempDir Path directory;

  private final AtomicLong clock = new AtomicLong();
  private final Map<String, Queue<Operation>> histories = new HashMap<>();
  private final CyclicBarrier barrier = new CyclicBarrier(2 * WRITERS + DELETERS + READERS);
  private volatile boolean over;

  @ParameterizedTest
  @EnumSource
  void everyReadIsExplainedBySomeOrderOfWrites(Configuration configuration) throws Exception {
    int rounds = configuration == Configuration.SYNC ? 100 : 400;
    for (String key : KEYS) {
      histories.put(key, new ConcurrentLinkedQueue<>());
    }
    try (KvStore<String, String> store =
            configuration.strings(directory).stripes(1).maxSegmentBytes(4 << 10).open();
        Threads threads = new Threads(barrier::reset)) {
      Future<?> churn =
          threads.start(() -> churn(store, configuration == Configuration.SYNC ? 8 : 64));
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        threads.run(() -> inRounds(rounds, round -> put(store, writer + "-" + round)));
        threads.run(() -> inRounds(rounds, round -> putAsync(store, writer + "~" + round)));
      }
      for (int i = 0; i < DELETERS; i++) {
        threads.run(() -> inRounds(rounds, round -> delete(store)));
      }
      for (int i = 0; i < READERS; i++) {
        threads.run(() -> inRounds(rounds, round -> read(store)));
      }
      threads.join(churn);
      over = true;
      threads.join();

      assertThat(store.stats().appendedBytes()).isGreaterThan(50 * 4096);
    }

    for (String key : KEYS) {
      List<Operation> history = new ArrayList<>(histories.get(key));
      assertThat(deletes(history)).as("deletes of " + key).isGreaterThan(rounds / 2);
      assertThat(LinearizabilityChecker.explain(history)).as(key).isEmpty();
    }
  }

  private void inRounds(int rounds, IntConsumer work) throws Exception {
    for (int round = 0; round < rounds; round++) {
      barrier.await();
      work.accept(round);
    }
  }

  private static String keyToPut() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int rare = KEYS.length - 1;
    return KEYS[random.nextInt(16) == 0 ? rare : random.nextInt(rare)];
  }

  private static String anyKey() {
    return KEYS[ThreadLocalRandom.current().nextInt(KEYS.length)];
  }

  private void put(KvStore<String, String> store, String name) {
    for (int i = 0; i < CHANGES; i++) {
      String key = keyToPut();
      String value = name + "." + i;
      long called = clock.getAndIncrement();
      store.put(key, value);
      note(key, Operation.put(value, called, clock.getAndIncrement()));
    }
  }

  private void putAsync(KvStore<String, String> store, String name) {
    Deque<CompletableFuture<Void>> outstanding = new ArrayDeque<>();
    for (int i = 0; i < CHANGES; i++) {
      String key = keyToPut();
      String value = name + "." + i;
      long called = clock.getAndIncrement();
      outstanding.add(
          store
              .putAsync(key, value)
              .thenRun(() -> note(key, Operation.put(value, called, clock.getAndIncrement()))));
      if (outstanding.size() == MAX_OUTSTANDING) {
        outstanding.remove().join();
      }
    }
    outstanding.forEach(CompletableFuture::join);
  }

  private void delete(KvStore<String, String> store) {
    for (int i = 0; i < CHANGES; i++) {
      String key = anyKey();
      long called = clock.getAndIncrement();
      boolean existed = store.delete(key);
      note(key, Operation.delete(existed, called, clock.getAndIncrement()));
    }
  }

  private void read(KvStore<String, String> store) {
    for (int i = 0; i < READS; i++) {
      String key = anyKey();
      long called = clock.getAndIncrement();
      switch (i % 4) {
        case 0 -> {
          boolean found = store.containsKey(key);
          note(key, Operation.contains(found, called, clock.getAndIncrement()));
        }
        case 1 -> {
          ValueView view = store.view(key);
          String found = view == null ? null : UTF_8.decode(view.bytes()).toString();
          note(key, Operation.get(found, called, clock.getAndIncrement()));
        }
        default -> {
          String found = store.get(key);
          note(key, Operation.get(found, called, clock.getAndIncrement()));
        }
      }
    }
  }

  /** Other keys come and go, more and more of them at once: the index is made anew all the time. */
  private Void churn(KvStore<String, String> store, int unawaited) {
    String filler = "x".repeat(200);
    int size = 4;
    for (int i = 0; !over; i++) {
      CompletableFuture<Void> put = store.putAsync("other" + i, filler);
      CompletableFuture<Boolean> deleted = store.deleteAsync("other" + (i - size));
      if (i % 2_000 == 1_999) {
        size = size < 1_000 ? 2 * size : 4;
      }
      if (i % unawaited == 0) {
        put.join();
        deleted.join();
      }
    }
    return null;
  }

  private void note(String key, Operation operation) {
    histories.get(key).add(operation);
  }

  private static long deletes(List<Operation> history) {
    return history.stream().filter(o -> o.kind() == Operation.Kind.DELETE && o.result()).count();
  }
}
