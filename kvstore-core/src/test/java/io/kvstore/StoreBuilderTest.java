package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreBuilderTest {
  @TempDir Path directory;

  private final KvStoreBuilder<String, String> builder =
      KvStore.builder(Codecs.string(), Codecs.string());

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 3, 4095, 8192, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void stripesArePowersOfTwo(int stripes) {
    assertThatThrownBy(() -> builder.stripes(stripes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stripes is " + stripes)
        .hasMessageContaining("from 1 to MAX_STRIPES = 4096");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, (1 << 30) + 1})
  void maxValueBytesHasLimits(int bytes) {
    assertThatThrownBy(() -> builder.maxValueBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxValueBytes is " + bytes)
        .hasMessageContaining("from 0 to 1073741824");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 4095, (64 << 20) + 1})
  void maxSegmentBytesHasLimits(int bytes) {
    assertThatThrownBy(() -> builder.maxSegmentBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxSegmentBytes is " + bytes)
        .hasMessageContaining("from 4096 to 67108864");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999S", "PT24H0.001S", "P365000000D"})
  void syncIntervalHasLimits(Duration interval) {
    assertThatThrownBy(() -> builder.syncInterval(interval))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("syncInterval is " + interval)
        .hasMessageContaining("from 1 millisecond to 1 day");
  }

  @Test
  void limitsThemselvesAreTaken() {
    assertThatCode(
            () -> {
              builder.stripes(1).stripes(KvStoreBuilder.MAX_STRIPES);
              builder.maxValueBytes(0).maxValueBytes(KvStoreBuilder.LARGEST_MAX_VALUE_BYTES);
              builder.maxSegmentBytes(KvStoreBuilder.MIN_SEGMENT_BYTES);
              builder.maxSegmentBytes(KvStoreBuilder.MAX_SEGMENT_BYTES);
              builder.syncInterval(KvStoreBuilder.MIN_SYNC_INTERVAL);
              builder.syncInterval(KvStoreBuilder.MAX_SYNC_INTERVAL);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void nullIsRefused() {
    assertThatThrownBy(() -> KvStore.builder(null, Codecs.string()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("keys");
    assertThatThrownBy(() -> KvStore.builder(Codecs.string(), null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("values");
    assertThatThrownBy(() -> builder.directory(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.durability(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.syncInterval(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.openProgress(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void otherNumberOfStripesThanAtFirstIsRefused() {
    builder.directory(directory).stripes(8).open().close();

    assertThatThrownBy(() -> builder.stripes(16).open())
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("8 stripes")
        .hasMessageContaining("16");
    assertThatCode(() -> Configuration.PROCESS.strings(directory).open().close())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource(names = {"PROCESS", "INTERVAL", "SYNC"})
  void progressIsToldOnTheCallersThreadAndEndsAtTheTotal(Configuration configuration)
      throws IOException {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      for (int i = 0; i < 10_000; i++) {
        store.putAsync("key" + i, "x".repeat(300));
      }
    }
    Files.delete(directory.resolve("index")); // the log is read then
    List<Thread> threads = new ArrayList<>();
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();

    configuration
        .strings(directory)
        .openProgress(
            (bytesDone, bytesTotal) -> {
              threads.add(Thread.currentThread());
              done.add(bytesDone);
              totals.add(bytesTotal);
            })
        .open()
        .close();

    assertThat(threads).containsOnly(Thread.currentThread());
    assertThat(done).isSorted();
    assertThat(done.get(done.size() - 1))
        .isGreaterThan(3_000_000)
        .isEqualTo(totals.get(totals.size() - 1));
  }

  @Test
  void whatAListenerThrowsEndsTheOpeningAndLeavesTheDirectoryFree() {
    for (Throwable thrown :
        new Throwable[] {new IllegalStateException("no more"), new AssertionError("no more")}) {
      builder
          .directory(directory)
          .openProgress(
              (done, total) -> {
                if (thrown instanceof Error error) {
                  throw error;
                }
                throw (RuntimeException) thrown;
              });

      assertThatThrownBy(builder::open).isSameAs(thrown);
    }

    try (KvStore<String, String> store = Configuration.PROCESS.strings(directory).open()) {
      assertThat(store.size()).isZero();
    }
  }
}
