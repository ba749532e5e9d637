package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of conditional writes, and of reads that return a version. */
class ConditionalContractTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void putIfAbsentStoresOnlyWhereThereIsNothing(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      assertThat(store.putIfAbsent("a", "1")).isNull();
      assertThat(store.putIfAbsent("a", "2")).isEqualTo("1");
      assertThat(store.get("a")).isEqualTo("1");

      store.delete("a");
      assertThat(store.putIfAbsent("a", "3")).isNull();
      assertThat(store.get("a")).isEqualTo("3");
    }
  }

  @ParameterizedTest
  @EnumSource
  void replaceAsksForTheValue(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      assertThat(store.replace("a", "1", "2")).isFalse();
      assertThat(store.get("a")).isNull();
      store.put("a", "1");

      assertThat(store.replace("a", "0", "2")).isFalse();
      assertThat(store.replace("a", "", "2")).isFalse();
      assertThat(store.replace("a", "11", "2")).isFalse();
      assertThat(store.get("a")).isEqualTo("1");
      assertThat(store.replace("a", "1", "2")).isTrue();
      assertThat(store.get("a")).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void replaceVersionAsksForTheVersion(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");
      long version = versionOf(store, "a");
      store.put("b", "1");

      assertThat(store.replaceVersion("a", versionOf(store, "b"), "2")).isFalse();
      assertThat(store.replaceVersion("missing", version, "2")).isFalse();
      assertThat(store.replaceVersion("missing", 0, "2")).isFalse();
      assertThat(store.replaceVersion("a", version, "2")).isTrue();
      assertThat(store.replaceVersion("a", version, "3")).isFalse();
      assertThat(store.get("a")).isEqualTo("2");
      assertThat(store.containsKey("missing")).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void conditionalDeletesAskForValueOrVersion(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      assertThat(store.delete("a", "1")).isFalse();
      store.put("a", "1");
      long version = versionOf(store, "a");

      assertThat(store.delete("a", "2")).isFalse();
      assertThat(store.deleteVersion("a", version + 1)).isFalse();
      assertThat(store.containsKey("a")).isTrue();
      assertThat(store.delete("a", "1")).isTrue();
      assertThat(store.containsKey("a")).isFalse();
      assertThat(store.deleteVersion("a", version)).isFalse();

      store.put("a", "1");
      assertThat(store.deleteVersion("a", version)).isFalse();
      assertThat(store.deleteVersion("a", versionOf(store, "a"))).isTrue();
      assertThat(store.containsKey("a")).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void getAndPutAndGetAndDeleteReturnWhatWasThere(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      assertThat(store.getAndDelete("a")).isNull();
      assertThat(store.getAndPut("a", "1")).isNull();
      assertThat(store.getAndPut("a", "2")).isEqualTo("1");
      assertThat(store.getAndDelete("a")).isEqualTo("2");
      assertThat(store.getAndDelete("a")).isNull();
      assertThat(store.containsKey("a")).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusedWritesLeaveNoTrace(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");
      StoreStats before = store.stats();

      store.putIfAbsent("a", "2");
      store.replace("a", "2", "3");
      store.replaceVersion("a", 77, "3");
      store.delete("a", "2");
      store.deleteVersion("a", 77);
      store.getAndDelete("missing");
      store.compute("missing", (key, value) -> null);

      assertThat(store.stats().sequence()).isEqualTo(before.sequence());
      assertThat(store.stats().liveBytes()).isEqualTo(before.liveBytes());
    }
  }

  // ---- compute

  @ParameterizedTest
  @EnumSource
  void computeStoresWhatItsFunctionReturns(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      assertThat(store.compute("a", (key, value) -> key + value)).isEqualTo("anull");
      assertThat(store.compute("a", (key, value) -> value + "!")).isEqualTo("anull!");
      assertThat(store.get("a")).isEqualTo("anull!");
      assertThat(store.compute("a", (key, value) -> null)).isNull();
      assertThat(store.containsKey("a")).isFalse();
      assertThat(store.compute("a", (key, value) -> value)).isNull();
      assertThat(store.containsKey("a")).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void computeStartsOverWhenAnotherWriteComesInBetween(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      List<String> seen = new ArrayList<>();

      String result =
          store.compute(
              "a",
              (key, value) -> {
                seen.add(String.valueOf(value));
                if (seen.size() == 1) {
                  store.put("a", "other");
                } else if (seen.size() == 2) {
                  store.put("a", "other"); // the same value, and another version
                } else if (seen.size() == 3) {
                  store.delete("a");
                }
                return value + "+";
              });

      assertThat(seen).containsExactly("null", "other", "other", "null");
      assertThat(result).isEqualTo("null+");
      assertThat(store.get("a")).isEqualTo("null+");
    }
  }

  @ParameterizedTest
  @EnumSource
  void computeGivesUpAfterItsLimitOfAttempts(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      List<String> seen = new ArrayList<>();

      assertThatThrownBy(
              () ->
                  store.compute(
                      "a",
                      (key, value) -> {
                        seen.add(value);
                        store.putAsync("a", "other" + seen.size());
                        return "never";
                      }))
          .isInstanceOf(KvStoreException.class)
          .hasMessageContaining("MAX_COMPUTE_ATTEMPTS = 1000");

      assertThat(seen).hasSize(KvStore.MAX_COMPUTE_ATTEMPTS);
      store.sync();
      assertThat(store.get("a")).isEqualTo("other1000");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheFunctionThrowsReachesTheCallerAndTheEntryStays(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");
      IllegalStateException thrown = new IllegalStateException("made up");

      assertThatThrownBy(
              () ->
                  store.compute(
                      "a",
                      (key, value) -> {
                        throw thrown;
                      }))
          .isSameAs(thrown);

      assertThat(store.get("a")).isEqualTo("1");
      assertThat(store.compute("a", (key, value) -> "2")).isEqualTo("2");
    }
  }

  // ---- increment

  @ParameterizedTest
  @EnumSource
  void incrementAddsAndStartsAtZero(Configuration configuration) {
    try (KvStore<String, Long> store = longs(configuration)) {
      assertThat(store.increment("a", 5)).isEqualTo(5);
      assertThat(store.increment("a", -7)).isEqualTo(-2);
      assertThat(store.increment("a", 0)).isEqualTo(-2);
      assertThat(store.get("a")).isEqualTo(-2);
      store.put("a", Long.MAX_VALUE - 1);
      assertThat(store.increment("a", 1)).isEqualTo(Long.MAX_VALUE);
      assertThat(store.increment("zero", 0)).isZero();
      assertThat(store.get("zero")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void incrementBeyondALongLeavesTheValue(Configuration configuration) {
    try (KvStore<String, Long> store = longs(configuration)) {
      store.put("top", Long.MAX_VALUE);
      store.put("bottom", Long.MIN_VALUE);

      assertThatThrownBy(() -> store.increment("top", 1))
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("9223372036854775807 and 1");
      assertThatThrownBy(() -> store.increment("bottom", -1))
          .isInstanceOf(ArithmeticException.class);

      assertThat(store.get("top")).isEqualTo(Long.MAX_VALUE);
      assertThat(store.get("bottom")).isEqualTo(Long.MIN_VALUE);
      assertThat(store.increment("top", Long.MIN_VALUE)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void incrementOfOtherValuesIsRefused(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "12345678");

      assertThatThrownBy(() -> store.increment("a", 1))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("Codecs.longs()");

      assertThat(store.get("a")).isEqualTo("12345678");
    }
  }

  private KvStore<String, Long> longs(Configuration configuration) {
    return configuration.builder(directory, Codecs.string(), Codecs.longs()).open();
  }

  // ---- reads

  @ParameterizedTest
  @EnumSource
  void entryTellsValueAndVersion(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      assertThat(store.entry("a")).isNull();
      store.put("a", "1");
      long version = store.view("a").version();

      assertThat(store.entry("a")).isEqualTo(new Entry<>("a", "1", version, null, null));
      assertThat(store.iterator().next()).isEqualTo(store.entry("a"));
      store.put("a", "1");
      assertThat(versionOf(store, "a")).isGreaterThan(version);
    }
  }

  @ParameterizedTest
  @EnumSource
  void getAllReturnsThoseThatAreThere(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");
      store.put("b", "2");
      store.put("c", "3");

      Map<String, String> found = store.getAll(List.of("c", "missing", "a", "c"));

      assertThat(found).containsExactly(Map.entry("c", "3"), Map.entry("a", "1"));
      assertThat(store.getAll(List.of())).isEmpty();
    }
  }

  // ---- arguments

  @ParameterizedTest
  @EnumSource
  void nullIsRefused(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      List<Runnable> calls =
          List.of(
              () -> store.putIfAbsent(null, ""),
              () -> store.putIfAbsent("", null),
              () -> store.replace("", null, ""),
              () -> store.replace("", "", null),
              () -> store.replaceVersion("", 1, null),
              () -> store.delete("", null),
              () -> store.deleteVersion(null, 1),
              () -> store.getAndPut("", null),
              () -> store.getAndDelete(null),
              () -> store.compute(null, (key, value) -> ""),
              () -> store.compute("", null),
              () -> store.entry(null),
              () -> store.getAll(null),
              () -> store.getAll(java.util.Collections.singletonList(null)));
      for (Runnable call : calls) {
        assertThatThrownBy(call::run).isInstanceOf(NullPointerException.class);
      }
      assertThat(store.size()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void closedStoreRefusesEveryCall(Configuration configuration) {
    KvStore<String, String> store = configuration.strings(directory).open();
    store.close();

    List<Runnable> calls =
        List.of(
            () -> store.putIfAbsent("a", ""),
            () -> store.replace("a", "", ""),
            () -> store.replaceVersion("a", 1, ""),
            () -> store.delete("a", ""),
            () -> store.deleteVersion("a", 1),
            () -> store.getAndPut("a", ""),
            () -> store.getAndDelete("a"),
            () -> store.compute("a", (key, value) -> ""),
            () -> store.increment("a", 1),
            () -> store.touch("a", KvStore.MAX_TTL),
            () -> store.persist("a"),
            () -> store.remaining("a"),
            () -> store.put("a", "", KvStore.MAX_TTL),
            () -> store.putAsync("a", "", KvStore.MAX_TTL),
            () -> store.entry("a"),
            () -> store.getAll(List.of()),
            () -> store.write(store.batch()),
            () -> store.writeAsync(store.batch()),
            store::syncAsync);
    for (Runnable call : calls) {
      assertThatThrownBy(call::run).isInstanceOf(ClosedStoreException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void limitsHoldForConditionalWrites(Configuration configuration) {
    try (KvStore<byte[], byte[]> store =
        configuration.builder(directory, Codecs.bytes(), Codecs.bytes()).maxValueBytes(3).open()) {
      byte[] some = {1};
      byte[] longKey = new byte[KvStore.MAX_KEY_BYTES + 1];
      store.put(some, some);

      assertThatThrownBy(() -> store.putIfAbsent(longKey, some))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.compute(some, (key, value) -> new byte[4]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.getAndPut(some, new byte[4]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(store.replace(some, new byte[4], some)).isFalse();
      assertThat(store.get(some)).isEqualTo(some);
    }
  }

  @ParameterizedTest
  @EnumSource
  void callersArraysAreTheirsWhileAConditionIsDecided(Configuration configuration) {
    try (KvStore<byte[], byte[]> store =
        configuration.builder(directory, Codecs.bytes(), Codecs.bytes()).open()) {
      byte[] key = {1};
      for (int i = 0; i < 200; i++) {
        byte[] value = {5, 6};
        store.putAsync(key, value);
        value[0] = 9;

        byte[] found = store.getAndPut(key, new byte[] {7});

        assertThat(found).containsExactly(5, 6);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void syncAsyncCompletesOnceAllIsSafeAndIsTheCallersOwn(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.putAsync("a", "1");
      store.syncAsync().cancel(true);
      store.syncAsync().join();

      assertThat(store.get("a")).isEqualTo("1");
      if (configuration.isDurable()) {
        assertThat(store.stats().syncedSequence()).isEqualTo(1);
      }
    }
  }

  private static long versionOf(KvStore<String, String> store, String key) {
    return Objects.requireNonNull(store.entry(key)).version();
  }
}
