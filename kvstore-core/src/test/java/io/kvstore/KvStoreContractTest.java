package io.kvstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each promise of the public javadoc, on each configuration. */
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
  void callersArraysAreTheirs(Configuration configuration) {
    byte[] key = {1, 2, 3};
    byte[] value = {4, 5, 6};
    try (KvStore<byte[], byte[]> store =
        configuration.builder(directory, Codecs.bytes(), Codecs.bytes()).open()) {
      var put = store.putAsync(key, value);
      key[0] = 9;
      value[0] = 9;
      put.join();
      byte[] found = store.get(new byte[] {1, 2, 3});
      assertThat(found).containsExactly(4, 5, 6);

      found[0] = 7;

      assertThat(store.get(new byte[] {1, 2, 3})).containsExactly(4, 5, 6);
      assertThat(store.get(key)).isNull();
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
  void whatACallerDoesToItsFutureIsNoConcernOfOthers(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      List<CompletableFuture<Void>> puts = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        CompletableFuture<Void> put = store.putAsync("key" + i, "value");
        CompletableFuture<Boolean> absent = store.deleteAsync("missing");
        if (i % 2 == 0) {
          put.cancel(true);
          put.obtrudeException(new IllegalStateException("made up"));
          absent.obtrudeValue(true);
        } else {
          puts.add(put);
        }
      }
      puts.forEach(CompletableFuture::join);
      store.putAsync("last", "value").join();

      assertThat(store.size()).isEqualTo(1_001);
      assertThat(store.deleteAsync("missing").join()).isFalse();
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
  void iterationFindsEveryEntryOnce(Configuration configuration) {
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      for (int i = 0; i < 5_000; i++) {
        store.putAsync("key" + i, "value" + i);
        expected.put("key" + i, "value" + i);
      }
      for (int i = 0; i < 5_000; i += 3) {
        store.deleteAsync("key" + i);
        expected.remove("key" + i);
      }
      store.sync();

      Map<String, String> found = new HashMap<>();
      for (Entry<String, String> entry : store) {
        assertThat(found.put(entry.key(), entry.value())).isNull();
        assertThat(entry.version()).isPositive();
      }

      assertThat(found).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void iterationGoesOnWhileTheIndexGrows(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).stripes(1).open()) {
      for (int i = 0; i < 1_000; i++) {
        store.putAsync("stays" + i, "");
      }
      store.sync();

      Map<String, Integer> found = new HashMap<>();
      int added = 0;
      for (Entry<String, String> entry : store) {
        found.merge(entry.key(), 1, Integer::sum);
        for (int i = 0; i < 20 && added < 20_000; i++) {
          store.putAsync("added" + added++, "");
        }
      }

      for (int i = 0; i < 1_000; i++) {
        assertThat(found).containsEntry("stays" + i, 1);
      }
      assertThat(found.values()).containsOnly(1);
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

  @ParameterizedTest
  @EnumSource
  void closedStoreRefusesEveryCallAndClosesTwice(Configuration configuration) {
    KvStore<String, String> store = configuration.strings(directory).open();
    store.put("a", "1");
    var iterator = store.iterator();

    store.close();
    store.close();

    assertThatThrownBy(() -> store.get("a")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(() -> store.view("a")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(() -> store.put("a", "2")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(() -> store.putAsync("a", "2")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(() -> store.delete("a")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(() -> store.containsKey("a")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(store::size).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(store::sync).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(store::stats).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(store::iterator).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(iterator::hasNext).isInstanceOf(ClosedStoreException.class);
  }

  @ParameterizedTest
  @EnumSource
  void everythingIsThereAfterReopening(Configuration configuration) {
    if (!configuration.isDurable()) {
      return;
    }
    Map<String, String> expected = new HashMap<>();
    long version;
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      Random random = new Random(7);
      for (int i = 0; i < 20_000; i++) {
        String key = "key" + random.nextInt(3_000);
        if (random.nextInt(4) == 0) {
          store.deleteAsync(key);
          expected.remove(key);
        } else {
          store.putAsync(key, "value" + i);
          expected.put(key, "value" + i);
        }
      }
      store.put("last", "one");
      expected.put("last", "one");
      version = store.view("last").version();
    }
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      Map<String, String> found = new HashMap<>();
      store.forEach(entry -> found.put(entry.key(), entry.value()));

      assertThat(found).isEqualTo(expected);
      assertThat(store.size()).isEqualTo(expected.size());
      assertThat(store.stats().cutBytes()).isZero();
      assertThat(store.view("last").version()).isEqualTo(version);
      store.put("next", "");
      assertThat(store.view("next").version()).isEqualTo(version + 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void failingCodecLeavesTheStoreAsItWas(Configuration configuration) {
    var failing =
        new io.kvstore.codec.Codec<String>() {
          @Override
          public byte[] encode(String object) {
            if (object.equals("bad")) {
              throw new OutOfMemoryError("made up");
            }
            return object.getBytes(UTF_8);
          }

          @Override
          public String decode(byte[] bytes) {
            return new String(bytes, UTF_8);
          }
        };
    try (KvStore<String, String> store =
        configuration.builder(directory, failing, failing).open()) {
      store.put("key", "good");

      assertThatThrownBy(() -> store.put("key", "bad")).isInstanceOf(OutOfMemoryError.class);
      assertThatThrownBy(() -> store.put("bad", "good")).isInstanceOf(OutOfMemoryError.class);

      assertThat(store.get("key")).isEqualTo("good");
      store.put("key", "better");
      assertThat(store.get("key")).isEqualTo("better");
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

  @ParameterizedTest
  @EnumSource(names = {"PROCESS", "INTERVAL", "SYNC"})
  void syncCoversAllThatWasWritten(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");
      store.put("b", "2");

      store.sync();

      assertThat(store.stats().syncedSequence()).isEqualTo(2);
      assertThat(store.stats().syncs().count()).isPositive();
    }
  }

  private static String text(ValueView view) {
    ByteBuffer bytes = view.bytes();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return new String(copy, UTF_8);
  }
}
