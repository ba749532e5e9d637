package io.kvstore;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import io.kvstore.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of deadlines, on each configuration. */
class ExpiryContractTest {
  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();

  private KvStore<String, String> open(Configuration configuration) {
    return configuration.strings(directory).clock(clock).open();
  }

  @ParameterizedTest
  @EnumSource
  void entryIsThereUpToItsDeadlineAndAbsentFromItOn(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      store.put("a", "1", ofMillis(100));
      store.putAsync("b", "2", ofMillis(101)).join();
      store.put("c", "3");

      clock.pass(ofMillis(99));
      assertThat(store.getAll(List.of("a", "b", "c"))).hasSize(3);
      clock.pass(ofMillis(1));

      assertAbsent(store, "a");
      assertThat(store.get("b")).isEqualTo("2");
      assertThat(store).extracting(Entry::key).containsExactlyInAnyOrder("b", "c");
      clock.pass(ofMillis(1));
      assertAbsent(store, "b");
      assertThat(store).extracting(Entry::key).containsExactly("c");
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchGivesDeadlinesAsMoments(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      Instant later = clock.now().plusMillis(100);
      Batch<String, String> batch = store.batch().putUntil("a", "1", later.plusNanos(999_999));
      batch.putUntil("far", "2", later.plus(KvStore.MAX_TTL)).putUntil("never", "3", Instant.MAX);
      batch.putUntil("now", "4", clock.now()).putUntil("long ago", "5", Instant.MIN);

      assertThat(store.write(batch).applied()).isTrue();

      assertThat(store.entry("a").expiresAt()).isEqualTo(later);
      assertThat(store.view("a").expiresAt()).isEqualTo(later);
      assertThat(store.view("far").expiresAt()).isEqualTo(later.plus(KvStore.MAX_TTL));
      assertThat(store.view("never").expiresAt()).isNull();
      assertAbsent(store, "now");
      assertAbsent(store, "long ago");
      clock.pass(ofMillis(100));
      assertAbsent(store, "a");
    }
  }

  private static void assertAbsent(KvStore<String, String> store, String key) {
    assertThat(store.get(key)).isNull();
    assertThat(store.view(key)).isNull();
    assertThat(store.entry(key)).isNull();
    assertThat(store.containsKey(key)).isFalse();
    assertThat(store.remaining(key)).isNull();
    assertThat(store.getAll(List.of(key))).isEmpty();
    assertThat(store.delete(key)).isFalse();
    assertThat(store.touch(key, ofSeconds(1))).isFalse();
    assertThat(store.persist(key)).isFalse();
    assertThat(store.replace(key, "1", "2")).isFalse();
    assertThat(store.getAndDelete(key)).isNull();
    assertThat(store.write(store.batch().requirePresent(key)).applied()).isFalse();
    assertThat(store.write(store.batch().requireAbsent(key)).applied()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void everyConditionTakesAnExpiredEntryForAbsent(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      for (String key : List.of("ifAbsent", "version", "delete", "getAndPut", "compute", "batch")) {
        store.put(key, "old", ofMillis(1));
      }
      long version = store.entry("version").version();
      clock.pass(ofMillis(1));

      assertThat(store.putIfAbsent("ifAbsent", "new")).isNull();
      assertThat(store.get("ifAbsent")).isEqualTo("new");
      assertThat(store.replaceVersion("version", version, "new")).isFalse();
      assertThat(store.deleteVersion("version", version)).isFalse();
      assertThat(store.delete("delete", "old")).isFalse();
      assertThat(store.getAndPut("getAndPut", "new")).isNull();
      assertThat(store.compute("compute", (key, value) -> "" + value)).isEqualTo("null");
      assertThat(store.write(store.batch().put("batch", "new")).outcomes().get(0).existed())
          .isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void laterPutTakesTheDeadlineAway(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      for (String key : List.of("put", "replace", "version", "getAndPut", "batch")) {
        store.put(key, "1", ofSeconds(1));
      }
      store.put("put", "2");
      store.replace("replace", "1", "2");
      store.replaceVersion("version", store.entry("version").version(), "2");
      store.getAndPut("getAndPut", "2");
      store.write(store.batch().put("batch", "2"));
      clock.pass(ofSeconds(2));

      for (String key : List.of("put", "replace", "version", "getAndPut", "batch")) {
        assertThat(store.get(key)).isEqualTo("2");
        assertThat(store.entry(key).expiresAt()).isNull();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void computeAndIncrementKeepTheDeadline(Configuration configuration) {
    try (KvStore<String, Long> store =
        configuration.builder(directory, Codecs.string(), Codecs.longs()).clock(clock).open()) {
      store.put("a", 1L, ofSeconds(5));

      assertThat(store.increment("a", 1)).isEqualTo(2);
      assertThat(store.compute("a", (key, value) -> value + 1)).isEqualTo(3);

      assertThat(store.remaining("a")).isEqualTo(ofSeconds(5));
      clock.pass(ofSeconds(5));
      assertThat(store.increment("a", 7)).isEqualTo(7);
      assertThat(store.remaining("a")).isNull();
      assertThat(store.get("a")).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @EnumSource
  void touchSetsTheDeadlineAnewAndChangesTheVersionOnly(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      assertThat(store.touch("a", ofSeconds(1))).isFalse();
      store.put("a", "value");
      long version = store.entry("a").version();

      assertThat(store.touch("a", ofSeconds(3))).isTrue();

      Entry<String, String> touched = store.entry("a");
      assertThat(touched.value()).isEqualTo("value");
      assertThat(touched.version()).isGreaterThan(version);
      assertThat(touched.expiresAt()).isEqualTo(clock.now().plusSeconds(3));
      clock.pass(ofSeconds(2));
      assertThat(store.touch("a", ofSeconds(2))).isTrue();
      clock.pass(ofMillis(1999));
      assertThat(store.get("a")).isEqualTo("value");
      clock.pass(ofMillis(1));
      assertThat(store.get("a")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void persistTakesTheDeadlineAwayAndTellsWhetherThereWasOne(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      store.put("a", "1", ofSeconds(1));
      store.put("b", "2");
      long version = store.entry("a").version();

      assertThat(store.persist("a")).isTrue();
      assertThat(store.persist("a")).isFalse();
      assertThat(store.persist("b")).isFalse();
      assertThat(store.persist("missing")).isFalse();

      clock.pass(ofSeconds(2));
      assertThat(store.get("a")).isEqualTo("1");
      assertThat(store.entry("a").version()).isEqualTo(version + 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void entryAndRemainingTellTheDeadline(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      store.put("a", "1", ofMillis(1500));
      store.put("b", "2");

      assertThat(store.entry("a").expiresAt()).isEqualTo(clock.now().plusMillis(1500));
      assertThat(store.remaining("a")).isEqualTo(ofMillis(1500));
      clock.pass(ofMillis(1499));
      assertThat(store.remaining("a")).isEqualTo(ofMillis(1));
      assertThat(store.remaining("b")).isNull();
      assertThat(store.entry("b").expiresAt()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void deadlinesOutliveReopening(Configuration configuration) {
    if (!configuration.isDurable()) {
      return;
    }
    try (KvStore<String, String> store = open(configuration)) {
      store.put("soon", "1", ofSeconds(1));
      store.write(store.batch().put("later", "2", ofSeconds(3)).put("ever", "3"));
      store.put("large", "x".repeat(600_000), ofSeconds(3));
    }
    clock.pass(ofSeconds(2));
    try (KvStore<String, String> store = open(configuration)) {
      assertThat(store.get("soon")).isNull();
      assertThat(store.get("later")).isEqualTo("2");
      assertThat(store.remaining("later")).isEqualTo(ofSeconds(1));
      assertThat(store.remaining("large")).isEqualTo(ofSeconds(1));
      assertThat(store).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ttlOutOfBoundsIsRefused(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      store.put("a", "1");
      for (Duration ttl :
          List.of(
              Duration.ZERO,
              ofMillis(-1),
              Duration.ofNanos(999_999),
              KvStore.MAX_TTL.plusNanos(1))) {
        List<Runnable> calls =
            List.of(
                () -> store.put("a", "2", ttl),
                () -> store.putAsync("a", "2", ttl),
                () -> store.touch("a", ttl),
                () -> store.write(store.batch().put("b", "1").put("a", "2", ttl)));
        for (Runnable call : calls) {
          assertThatThrownBy(call::run)
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("ttl is " + ttl);
        }
      }
      assertThatThrownBy(() -> store.put("a", "2", null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> store.touch("a", null)).isInstanceOf(NullPointerException.class);
      assertThat(store.get("a")).isEqualTo("1");
      assertThat(store.size()).isEqualTo(1);

      store.put("a", "2", KvStore.MAX_TTL);
      store.put("b", "2", KvStore.MIN_TTL);
      assertThat(store.remaining("a")).isEqualTo(KvStore.MAX_TTL);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyAsksTheClockAboutEntriesWithoutADeadline(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      store.put("a", "1");
      store.putIfAbsent("a", "2");
      store.replace("a", "1", "2");
      store.write(store.batch().requirePresent("a").put("a", "3").put("b", "1"));
      assertThat(store.get("a")).isEqualTo("3");
      assertThat(store.entry("a")).isNotNull();
      assertThat(store).hasSize(2);
      store.delete("a");

      assertThat(clock.asked()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void expiredEntriesCountUntilTheirSpaceIsGivenBack(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      store.put("a", "1", ofMillis(1));
      clock.pass(ofMillis(1));

      assertThat(store.size()).isBetween(0L, 1L);
      store.put("a", "2");
      assertThat(store.size()).isEqualTo(1);
    }
  }
}
