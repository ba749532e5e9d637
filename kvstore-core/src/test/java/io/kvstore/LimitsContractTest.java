package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of the limits of keys, values and records, on each configuration. */
class LimitsContractTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void longestKeyIsStoredAndALongerOneRefused(Configuration configuration) {
    try (KvStore<byte[], byte[]> store =
        configuration.builder(directory, Codecs.bytes(), Codecs.bytes()).open()) {
      byte[] longest = new byte[KvStore.MAX_KEY_BYTES];
      byte[] tooLong = new byte[KvStore.MAX_KEY_BYTES + 1];
      store.put(longest, new byte[] {1});

      assertThat(store.get(longest)).containsExactly(1);
      assertThatThrownBy(() -> store.put(tooLong, new byte[0]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("65536")
          .hasMessageContaining("MAX_KEY_BYTES");
      assertThatThrownBy(() -> store.delete(tooLong)).hasMessageContaining("MAX_KEY_BYTES");
      assertThat(store.get(tooLong)).isNull();
      assertThat(store.size()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void valueOverTheLimitIsRefusedAndTheEarlierOneStays(Configuration configuration) {
    try (KvStore<String, byte[]> store =
        configuration
            .builder(directory, Codecs.string(), Codecs.bytes())
            .maxValueBytes(10)
            .open()) {
      store.put("key", new byte[10]);

      assertThatThrownBy(() -> store.put("key", new byte[11]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("11")
          .hasMessageContaining("maxValueBytes = 10");
      assertThat(store.get("key")).hasSize(10);
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordLargerThanASegmentGetsItsOwn(Configuration configuration) {
    byte[] large = new byte[300_000];
    new Random(1).nextBytes(large);
    try (KvStore<String, byte[]> store =
        configuration
            .builder(directory, Codecs.string(), Codecs.bytes())
            .maxSegmentBytes(8 << 10)
            .open()) {
      store.put("before", new byte[] {1});
      store.put("large", large);
      store.put("after", new byte[] {2});

      assertThat(store.get("large")).isEqualTo(large);
      assertThat(store.get("before")).containsExactly(1);
      assertThat(store.get("after")).containsExactly(2);
    }
    if (configuration.isDurable()) {
      try (KvStore<String, byte[]> store =
          configuration.builder(directory, Codecs.string(), Codecs.bytes()).open()) {
        assertThat(store.get("large")).isEqualTo(large);
        assertThat(store.size()).isEqualTo(3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void smallRecordsMayFollowOneThatIsLargerThanAnySegment(Configuration configuration) {
    byte[] large = new byte[KvStoreBuilder.DEFAULT_MAX_VALUE_BYTES];
    large[large.length - 1] = 1;
    try (KvStore<String, byte[]> store =
        configuration.builder(directory, Codecs.string(), Codecs.bytes()).open()) {
      store.put("before", new byte[] {2});
      store.put("large", large);
      for (int i = 0; i < 100; i++) {
        store.put("after" + i, new byte[] {3});
      }

      assertThat(store.get("before")).containsExactly(2);
      assertThat(Arrays.equals(store.get("large"), large)).isTrue();
      for (int i = 0; i < 100; i++) {
        assertThat(store.get("after" + i)).containsExactly(3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nullIsRefused(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      assertThatThrownBy(() -> store.get(null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> store.view(null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> store.put(null, "")).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> store.put("", null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> store.delete(null)).isInstanceOf(NullPointerException.class);
    }
    try (KvStore<byte[], byte[]> store =
        configuration.builder(directory.resolve("bytes"), Codecs.bytes(), Codecs.bytes()).open()) {
      byte[] some = {1};
      assertThatThrownBy(() -> store.put(some, null)).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> store.put(null, some)).isInstanceOf(NullPointerException.class);
      assertThat(store.size()).isZero();
    }
    try (KvStore<Long, Object> store =
        configuration
            .builder(directory.resolve("kryo"), Codecs.longs(), Codecs.kryo(Object.class))
            .open()) {
      assertThatThrownBy(() -> store.put(1L, null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("value");
      assertThatThrownBy(() -> store.get(null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("key");
      assertThat(store.size()).isZero();
    }
  }
}
