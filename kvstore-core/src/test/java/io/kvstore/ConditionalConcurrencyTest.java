package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import io.kvstore.testing.LinearizabilityChecker;
import io.kvstore.testing.Operation;
import io.kvstore.testing.Threads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Atomicity of conditional writes and batches, with many threads on few keys. */
class ConditionalConcurrencyTest {
  private static final String[] KEYS = {"red", "green"};
  private static final int THREADS = 6;

  /** Calls of each thread between two times that all wait for each other. */
  private static final int CALLS = 10;

  @TempDir Path directory;

  private final AtomicLong clock = new AtomicLong();
  private final Map<String, Queue<Operation>> histories = new ConcurrentHashMap<>();
  private final CyclicBarrier barrier = new CyclicBarrier(THREADS);

  // ---- one key

  @ParameterizedTest
  @EnumSource
  void everyAnswerIsExplainedBySomeOrder(Configuration configuration) throws Exception {
    callInRounds(configuration, configuration == Configuration.SYNC ? 60 : 300, false);
    assertAllKindsExplained();
  }

  @ParameterizedTest
  @EnumSource
  void everyAnswerIsExplainedBesideCompaction(Configuration configuration) throws Exception {
    callInRounds(configuration, configuration == Configuration.SYNC ? 60 : 300, true);
    assertAllKindsExplained();
  }

  private void callInRounds(Configuration configuration, int rounds, boolean compacts)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (KvStore<String, String> store =
            configuration.strings(directory).stripes(1).maxSegmentBytes(4 << 10).open();
        Threads threads = new Threads(barrier::reset);
        Threads compaction = new Threads()) {
      for (int i = 0; i < THREADS; i++) {
        String name = "thread" + i + "-";
        threads.run(
            () -> {
              Map<String, Entry<String, String>> read = new HashMap<>();
              for (int n = 0; n < rounds * CALLS; n++) {
                if (n % CALLS == 0) {
                  barrier.await();
                }
                call(store, anyKey(), name + n, read);
              }
            });
      }
      if (compacts) {
        compaction.run(
            () -> {
              do { // once at least, however late it starts
                store.compact();
              } while (!over.get());
            });
      }
      try {
        threads.join();
      } finally {
        over.set(true);
      }
      compaction.join();
      assertThat(store.stats().compaction().rounds()).isGreaterThanOrEqualTo(compacts ? 1 : 0);
    }
  }

  private void assertAllKindsExplained() {
    assertExplained();
    Set<String> kinds = new HashSet<>();
    histories.values().forEach(h -> h.forEach(o -> kinds.add(o.kind() + " " + o.result())));
    assertThat(kinds)
        .contains("REPLACE true", "REPLACE false", "DELETE_IF true", "DELETE_IF false");
  }

  private static String anyKey() {
    return KEYS[ThreadLocalRandom.current().nextInt(KEYS.length)];
  }

  /**
   * Every value is written at most once, so a version stands for a value. A condition asks for what
   * this thread has just read or, so that some fail on a machine where no two threads meet, for
   * what it read some calls ago.
   */
  private void call(
      KvStore<String, String> store,
      String key,
      String value,
      Map<String, Entry<String, String>> read) {
    int kind = ThreadLocalRandom.current().nextInt(10);
    Entry<String, String> known = kind < 4 ? known(store, key, read) : null;
    if (kind < 4 && known == null) {
      long called = tick();
      String found = store.putIfAbsent(key, value);
      note(key, Operation.putIfAbsent(value, found).during(called, tick()));
      return;
    }
    long called = tick();
    Operation done =
        switch (kind) {
          case 0 ->
              Operation.replace(known.value(), value, store.replace(key, known.value(), value));
          case 1 ->
              Operation.replace(
                  known.value(), value, store.replaceVersion(key, known.version(), value));
          case 2 -> Operation.deleteIf(known.value(), store.deleteVersion(key, known.version()));
          case 3 ->
              Operation.replace(
                  known.value(),
                  value,
                  store
                      .write(store.batch().requireVersion(key, known.version()).put(key, value))
                      .applied());
          case 4, 5 -> Operation.getAndPut(value, store.getAndPut(key, value));
          case 6 -> Operation.getAndDelete(store.getAndDelete(key));
          case 7 -> Operation.putIfAbsent(value, store.putIfAbsent(key, value));
          case 8 -> compute(store, key, value);
          default -> Operation.get(store.get(key), 0, 0);
        };
    note(key, done.during(called, tick()));
  }

  private @Nullable Entry<String, String> known(
      KvStore<String, String> store, String key, Map<String, Entry<String, String>> read) {
    Entry<String, String> before = read.get(key);
    if (before != null && ThreadLocalRandom.current().nextInt(4) == 0) {
      return before;
    }
    long asked = tick();
    Entry<String, String> now = store.entry(key);
    note(key, Operation.get(now == null ? null : now.value(), asked, tick()));
    if (now != null) {
      read.put(key, now);
    }
    return now;
  }

  /** Puts a new value by compute; what its function saw last is what was replaced. */
  private static Operation compute(KvStore<String, String> store, String key, String value) {
    List<@Nullable String> seen = new ArrayList<>();
    store.compute(
        key,
        (k, before) -> {
          seen.add(before);
          return value;
        });
    return Operation.getAndPut(value, seen.get(seen.size() - 1));
  }

  @ParameterizedTest
  @EnumSource
  void everySumIsExplainedBySomeOrder(Configuration configuration) throws Exception {
    int calls = configuration == Configuration.SYNC ? 300 : 2_000;
    AtomicLong total = new AtomicLong();
    try (KvStore<String, Long> store =
            configuration.builder(directory, Codecs.string(), Codecs.longs()).open();
        Threads threads = new Threads(barrier::reset)) {
      for (int i = 0; i < THREADS; i++) {
        boolean computes = i == 0;
        threads.run(
            () -> {
              barrier.await();
              for (int n = 0; n < calls; n++) {
                long delta = ThreadLocalRandom.current().nextInt(-5, 100);
                long called = tick();
                long sum =
                    computes
                        ? store.compute("sum", (key, v) -> v == null ? delta : v + delta)
                        : store.increment("sum", delta);
                note("sum", Operation.increment(delta, sum).during(called, tick()));
                total.addAndGet(delta);
              }
            });
      }
      threads.join();
      assertThat(store.get("sum")).isEqualTo(total.get());
    }
    assertExplained();
  }

  private long tick() {
    return clock.getAndIncrement();
  }

  private void note(String key, Operation operation) {
    histories.computeIfAbsent(key, k -> new ConcurrentLinkedQueue<>()).add(operation);
  }

  private void assertExplained() {
    histories.forEach(
        (key, history) ->
            assertThat(LinearizabilityChecker.explain(new ArrayList<>(history))).as(key).isEmpty());
  }

  // ---- several keys

  @ParameterizedTest
  @EnumSource
  void batchesAreOneStepOverAllTheirKeys(Configuration configuration) throws Exception {
    int calls = configuration == Configuration.SYNC ? 150 : 1_500;
    int keys = 8;
    AtomicInteger applied = new AtomicInteger();
    AtomicInteger views = new AtomicInteger();
    try (KvStore<Integer, String> store =
            configuration
                .builder(directory, Codecs.kryo(Integer.class), Codecs.string())
                .stripes(4)
                .maxSegmentBytes(16 << 10)
                .open();
        Threads threads = new Threads(barrier::reset)) {
      store.write(toAll(store, keys, "0"));
      for (int i = 0; i < THREADS; i++) {
        boolean looks = i >= THREADS - 2;
        threads.run(
            () -> {
              barrier.await();
              for (int n = 0; n < calls; n++) {
                if (looks) {
                  views.addAndGet(assertAllAreTheSame(store, keys) ? 1 : 0);
                } else {
                  applied.addAndGet(addOne(store, keys) ? 1 : 0);
                }
              }
            });
      }
      threads.join();

      assertThat(applied.get()).isPositive();
      for (int key = 0; key < keys; key++) {
        assertThat(store.get(key)).isEqualTo(String.valueOf(applied.get()));
      }
      assertThat(assertAllAreTheSame(store, keys)).isTrue();
      assertThat(views.get()).isPositive();
    }
  }

  private static Batch<Integer, String> toAll(
      KvStore<Integer, String> store, int keys, String value) {
    Batch<Integer, String> batch = store.batch();
    int first = ThreadLocalRandom.current().nextInt(keys);
    for (int i = 0; i < keys; i++) {
      batch.put((first + i) % keys, value);
    }
    return batch;
  }

  /** Adds one to the number that all keys hold, if it is still there. */
  private static boolean addOne(KvStore<Integer, String> store, int keys) {
    int asked = ThreadLocalRandom.current().nextInt(keys);
    Entry<Integer, String> entry = store.entry(asked);
    String next = String.valueOf(Integer.parseInt(entry.value()) + 1);
    Batch<Integer, String> batch = toAll(store, keys, next).requireVersion(asked, entry.version());
    return store.write(batch).applied();
  }

  /** Reads all keys; if nothing was written meanwhile, they hold the same. */
  private static boolean assertAllAreTheSame(KvStore<Integer, String> store, int keys) {
    Batch<Integer, String> nothing = store.batch();
    Set<String> values = new HashSet<>();
    for (int key = 0; key < keys; key++) {
      Entry<Integer, String> entry = store.entry(key);
      nothing.requireVersion(key, entry.version());
      values.add(entry.value());
    }
    boolean unchanged = store.write(nothing).applied();
    assertThat(unchanged && values.size() > 1).as("%s at once", values).isFalse();
    return unchanged;
  }
}
