package io.kvstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.testing.Configuration;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The contract of reads and writes of single entries, on each configuration; see also the other
 * contract tests.
 */
class KvStoreContractTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void getReturnsWhatWasPut(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("hello", "world");
      store.put("hello", "again");
      store.put("other", "value");

      assertThat(store.get("hello")).isEqualTo("again");
      assertThat(store.get("other")).isEqualTo("value");
      assertThat(store.get("missing")).isNull();
      assertThat(store.containsKey("hello")).isTrue();
      assertThat(store.containsKey("missing")).isFalse();
      assertThat(store.size()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void deleteRemovesAndTellsWhetherThereWasOne(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");

      assertThat(store.delete("a")).isTrue();
      assertThat(store.delete("a")).isFalse();
      assertThat(store.delete("never")).isFalse();
      assertThat(store.get("a")).isNull();
      assertThat(store.size()).isZero();

      store.put("a", "2");
      assertThat(store.get("a")).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void emptyKeyAndEmptyValueAreLikeAnyOther(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("", "value of the empty key");
      store.put("empty", "");

      assertThat(store.get("")).isEqualTo("value of the empty key");
      assertThat(store.get("empty")).isEmpty();
      assertThat(store.delete("")).isTrue();
      assertThat(store.containsKey("")).isFalse();
      assertThat(store.containsKey("empty")).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void viewShowsValueAndVersionAndOutlivesLaterPuts(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("key", "first");
      ValueView first = store.view("key");
      store.put("key", "second");
      ValueView second = store.view("key");

      assertThat(text(first)).isEqualTo("first");
      assertThat(text(second)).isEqualTo("second");
      assertThat(second.version()).isGreaterThan(first.version());
      assertThat(first.bytes().isReadOnly()).isTrue();
      assertThat(store.view("missing")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void asynchronousCallsCompleteWithTheChangeVisible(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.putAsync("a", "1").thenRun(() -> assertThat(store.get("a")).isEqualTo("1")).join();
      assertThat(store.deleteAsync("a").join()).isTrue();
      assertThat(store.deleteAsync("a").join()).isFalse();
      assertThat(store.get("a")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void statsCountWhatIsThere(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");
      long oneRecord = store.stats().liveBytes();
      store.put("a", "2");
      store.put("b", "3");
      store.delete("b");

      StoreStats stats = store.stats();

      assertThat(oneRecord).isEqualTo(24);
      assertThat(stats.entries()).isEqualTo(1);
      assertThat(stats.liveBytes()).isEqualTo(oneRecord);
      assertThat(stats.logBytes()).isGreaterThan(4 * oneRecord);
      assertThat(stats.sequence()).isEqualTo(4);
      assertThat(stats.segments()).isEqualTo(1);
      assertThat(stats.diskBytes()).isBetween(1L << 20, 4L << 20);
      assertThat(stats.index().heapBytes()).isPositive();
    }
  }

  private static String text(ValueView view) {
    ByteBuffer bytes = view.bytes();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return new String(copy, UTF_8);
  }
}
