package io.kvstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The contract of arrays, futures and codecs of callers: they stay the caller's, and can't harm the
 * store.
 */
class OwnershipContractTest {
  @TempDir Path directory;

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
}
