package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.BatchResult.Outcome;
import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import io.kvstore.testing.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of batches, on each configuration. */
class BatchContractTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void nobodySeesWhatAnotherChangeOfTheBatchOvertakes(Configuration configuration)
      throws Exception {
    try (KvStore<String, String> store = configuration.strings(directory).open();
        Threads threads = new Threads()) {
      store.put("a", "0");
      AtomicBoolean over = new AtomicBoolean();
      Future<Boolean> alwaysThere =
          threads.start(
              () -> {
                while (!over.get()) {
                  String found = store.get("a");
                  if (found == null || found.equals("never")) {
                    return false;
                  }
                }
                return true;
              });
      for (int i = 0; i < 500; i++) {
        store.write(store.batch().delete("a").put("a", "never").delete("a").put("a", "" + i));
      }
      over.set(true);

      assertThat(alwaysThere.get()).isTrue();
      assertThat(store.get("a")).isEqualTo("499");
      assertThat(store.stats().liveBytes()).isEqualTo(24);
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchIsAppliedAsAWholeAndTellsWhatItDid(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");
      store.put("b", "1");

      BatchResult result =
          store.write(store.batch().put("a", "2").delete("b").put("c", "2").delete("missing"));

      assertThat(result)
          .isEqualTo(
              BatchResult.applied(
                  List.of(
                      new Outcome(3, true),
                      new Outcome(4, true),
                      new Outcome(5, false),
                      new Outcome(0, false))));
      assertThat(result.applied()).isTrue();
      assertThat(result.failedPrecondition()).isEqualTo(-1);
      assertThat(entries(store)).isEqualTo(Map.of("a", "2", "c", "2"));
      assertThat(store.view("a").version()).isEqualTo(3);
      assertThat(store.view("c").version()).isEqualTo(5);
      assertThat(store.stats().sequence()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void failedPreconditionIsNamedAndNothingIsWritten(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");
      long version = store.view("a").version();

      assertRefused(store, store.batch().requirePresent("a").requireAbsent("a"), 1);
      assertRefused(store, store.batch().requirePresent("b"), 0);
      assertRefused(store, store.batch().requireAbsent("b").requireVersion("a", version + 1), 1);
      assertRefused(store, store.batch().requireVersion("b", version), 0);
      assertRefused(store, store.batch().requireVersion("b", 0), 0);

      Batch<String, String> holds =
          store.batch().requireVersion("a", version).requireAbsent("b").requirePresent("a");
      assertThat(store.write(holds.put("a", "2").put("b", "2")).applied()).isTrue();
      assertThat(entries(store)).isEqualTo(Map.of("a", "2", "b", "2"));
    }
  }

  private static void assertRefused(
      KvStore<String, String> store, Batch<String, String> batch, int failed) {
    long sequence = store.stats().sequence();
    batch.put("a", "refused").put("new", "refused").delete("a");

    BatchResult result = store.write(batch);

    assertThat(result).isEqualTo(BatchResult.refused(failed));
    assertThat(result.applied()).isFalse();
    assertThat(result.outcomes()).isEmpty();
    assertThat(entries(store)).isEqualTo(Map.of("a", "1"));
    assertThat(store.stats().sequence()).isEqualTo(sequence);
  }

  @ParameterizedTest
  @EnumSource
  void preconditionsAreAskedBeforeAnyOperation(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      BatchResult result = store.write(store.batch().put("a", "1").requireAbsent("a"));

      assertThat(result.applied()).isTrue();
      assertThat(store.write(store.batch().delete("a").requireAbsent("a")).applied()).isFalse();
      assertThat(store.get("a")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void operationsOnOneKeyAreAppliedInOrder(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      BatchResult result =
          store.write(
              store
                  .batch()
                  .put("a", "1")
                  .put("a", "2")
                  .delete("a")
                  .delete("a")
                  .put("a", "3")
                  .put("b", "1")
                  .delete("b"));

      assertThat(result.outcomes())
          .containsExactly(
              new Outcome(1, false),
              new Outcome(2, true),
              new Outcome(3, true),
              new Outcome(0, false),
              new Outcome(4, false),
              new Outcome(5, false),
              new Outcome(6, true));
      assertThat(entries(store)).isEqualTo(Map.of("a", "3"));
      assertThat(store.size()).isEqualTo(1);
      assertThat(store.stats().liveBytes()).isEqualTo(24);
    }
    assertReopens(configuration, Map.of("a", "3"));
  }

  @ParameterizedTest
  @EnumSource
  void batchOfOneIsAConditionalPut(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      BatchResult created = store.write(store.batch().requireAbsent("a").put("a", "1"));
      long version = created.outcomes().get(0).version();

      assertThat(created.outcomes()).containsExactly(new Outcome(1, false));
      assertThat(store.write(store.batch().requireAbsent("a").put("a", "2")).applied()).isFalse();
      BatchResult replaced = store.write(store.batch().requireVersion("a", version).put("a", "2"));
      assertThat(replaced.outcomes()).containsExactly(new Outcome(2, true));
      assertThat(store.view("a").version()).isEqualTo(2);
      BatchResult deleted = store.write(store.batch().delete("a"));
      assertThat(deleted.outcomes()).containsExactly(new Outcome(3, true));
    }
    assertReopens(configuration, Map.of());
  }

  @ParameterizedTest
  @EnumSource
  void emptyBatchAndBatchThatChangesNothingAreApplied(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      assertThat(store.write(store.batch())).isEqualTo(BatchResult.applied(List.of()));
      assertThat(store.write(store.batch().requireAbsent("a")).applied()).isTrue();
      assertThat(store.write(store.batch().requirePresent("a")).failedPrecondition()).isZero();
      assertThat(store.write(store.batch().delete("a").delete("b")).outcomes())
          .containsOnly(new Outcome(0, false));
      assertThat(store.stats().sequence()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchIsAListThatMayBeWrittenAgain(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      Batch<String, String> batch = store.batch().requireAbsent("x").put("a", "1").delete("b");
      store.write(batch);

      assertThat(store.write(batch).outcomes()).containsExactly(new Outcome(2, true), none());
      assertThat(batch.operations()).hasSize(2);
      assertThat(batch.preconditions()).hasSize(1);
      assertThatThrownBy(() -> batch.operations().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  private static Outcome none() {
    return new Outcome(0, false);
  }

  @ParameterizedTest
  @EnumSource
  void writeAsyncCompletesWithTheBatchVisible(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.writeAsync(store.batch().put("x", "1")).cancel(true);
      store
          .writeAsync(store.batch().put("a", "1").put("b", "2"))
          .thenAccept(
              result -> {
                assertThat(result.applied()).isTrue();
                assertThat(store.get("a")).isEqualTo("1");
                assertThat(store.get("b")).isEqualTo("2");
              })
          .join();

      assertThat(store.get("x")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchesOfEverySizeAreThereAfterReopening(Configuration configuration) {
    Map<String, String> expected = new HashMap<>();
    Random random = new Random(3);
    try (KvStore<String, String> store =
        configuration.strings(directory).maxSegmentBytes(4 << 10).open()) {
      for (int i = 0; i < 300; i++) {
        Batch<String, String> batch = store.batch();
        for (int j = random.nextInt(40); j >= 0; j--) {
          String key = "key" + random.nextInt(500);
          if (random.nextInt(4) == 0) {
            batch.delete(key);
            expected.remove(key);
          } else {
            String value = i + "x".repeat(random.nextInt(300));
            batch.put(key, value);
            expected.put(key, value);
          }
        }
        store.writeAsync(batch);
      }
      store.sync();
      assertThat(entries(store)).isEqualTo(expected);
    }
    assertReopens(configuration, expected);
  }

  // ---- limits

  @ParameterizedTest
  @EnumSource
  void batchOverItsBytesIsRefusedAndALargestOneTaken(Configuration configuration) {
    try (KvStore<Long, byte[]> store =
        configuration.builder(directory, Codecs.longs(), Codecs.bytes()).open()) {
      byte[] half = new byte[Batch.MAX_BYTES / 2 - 28];
      half[half.length - 1] = 1;
      store.put(0L, half);

      BatchResult largest = store.write(store.batch().put(1L, half).put(2L, half));
      assertThat(largest.applied()).isTrue();
      assertThatThrownBy(() -> store.write(store.batch().put(1L, half).put(2L, half).delete(0L)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("MAX_BYTES = 33554432");
      byte[] large = new byte[Batch.MAX_BYTES + 1];
      assertThat(store.write(store.batch().put(3L, large)).applied()).isTrue();
      store.put(4L, new byte[] {1});

      assertThat(java.util.Arrays.equals(store.get(2L), half)).isTrue();
      assertThat(store.get(3L)).hasSize(large.length);
      assertThat(store.size()).isEqualTo(5);
    }
    if (configuration.isDurable()) {
      try (KvStore<Long, byte[]> store =
          configuration.builder(directory, Codecs.longs(), Codecs.bytes()).open()) {
        assertThat(store.size()).isEqualTo(5);
        assertThat(store.get(4L)).containsExactly(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchHasALimitOfOperations(Configuration configuration) {
    try (KvStore<Long, Long> store =
        configuration.builder(directory, Codecs.longs(), Codecs.longs()).open()) {
      Batch<Long, Long> batch = store.batch().requireAbsent(-1L);
      for (long i = 1; i < Batch.MAX_OPERATIONS; i++) {
        batch.put(i, i);
      }

      assertThatThrownBy(() -> batch.put(0L, 0L))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("MAX_OPERATIONS = 65536");
      assertThatThrownBy(() -> batch.requireAbsent(0L))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(store.write(batch).outcomes()).hasSize(Batch.MAX_OPERATIONS - 1);
      assertThat(store.size()).isEqualTo(Batch.MAX_OPERATIONS - 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusedPartLeavesTheWholeUnwritten(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).maxValueBytes(3).open()) {
      assertThatThrownBy(() -> store.write(store.batch().put("a", "1").put("b", "1234")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("maxValueBytes = 3");
      String longKey = "k".repeat(KvStore.MAX_KEY_BYTES + 1);
      assertThatThrownBy(() -> store.write(store.batch().put("a", "1").delete(longKey)))
          .hasMessageContaining("MAX_KEY_BYTES");
      assertThatThrownBy(() -> store.write(store.batch().put("a", "1").requireAbsent(longKey)))
          .hasMessageContaining("MAX_KEY_BYTES");
      assertThat(store.size()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nullIsRefused(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      Batch<String, String> batch = store.batch();
      List<Runnable> calls = new ArrayList<>();
      calls.add(() -> batch.put(null, ""));
      calls.add(() -> batch.put("", null));
      calls.add(() -> batch.put("", "", (Duration) null));
      calls.add(() -> batch.put("", "", (PutOptions) null));
      calls.add(() -> batch.putUntil("", "", null));
      calls.add(() -> batch.delete(null));
      calls.add(() -> batch.requireAbsent(null));
      calls.add(() -> batch.requirePresent(null));
      calls.add(() -> batch.requireVersion(null, 1));
      calls.add(() -> store.write(null));
      calls.add(() -> store.writeAsync(null));
      for (Runnable call : calls) {
        assertThatThrownBy(call::run).isInstanceOf(NullPointerException.class);
      }
      assertThat(batch.operations()).isEmpty();
      assertThat(batch.preconditions()).isEmpty();
    }
  }

  private void assertReopens(Configuration configuration, Map<String, String> expected) {
    if (configuration.isDurable()) {
      try (KvStore<String, String> store = configuration.strings(directory).open()) {
        assertThat(entries(store)).isEqualTo(expected);
        assertThat(store.stats().cutBytes()).isZero();
      }
    }
  }

  private static Map<String, String> entries(KvStore<String, String> store) {
    Map<String, String> entries = new HashMap<>();
    store.forEach(entry -> entries.put(entry.key(), entry.value()));
    return entries;
  }
}
