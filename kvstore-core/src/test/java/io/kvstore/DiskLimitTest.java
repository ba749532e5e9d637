package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kvstore.testing.Configuration;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.QuickDirectories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Deletes in stores at or over their disk limit, with records and segments of any size. */
@Timeout(600)
class DiskLimitTest {
  private static final long LIMIT = KvStoreBuilder.MIN_DISK_BYTES;
  private static final int[] SEGMENT_BYTES = {4 << 10, KvStoreBuilder.MAX_SEGMENT_BYTES};
  private static final int[] KEY_BYTES = {10, 5_000};
  private static final int[] VALUE_BYTES = {1_000, 30_000};

  @TempDir(factory = QuickDirectories.class)
  Path directory;

  /**
   * @param keyBytes the length of the longest keys; others are shorter
   */
  record Sizes(int segmentBytes, int keyBytes, int valueBytes) {

    String key(int number) {
      int filler = number % 4 == 0 ? keyBytes : 10;
      return number + "k".repeat(filler);
    }

    String value(int number) {
      return number + "v".repeat(valueBytes / (1 + number % 3));
    }
  }

  static Stream<Arguments> all() {
    List<Arguments> all = new ArrayList<>();
    for (Configuration configuration : Configuration.values()) {
      for (int segment : SEGMENT_BYTES) {
        for (int key : KEY_BYTES) {
          for (int value : VALUE_BYTES) {
            if (LongForm.ON || segment == KvStoreBuilder.MAX_SEGMENT_BYTES || key > value) {
              all.add(Arguments.of(configuration, new Sizes(segment, key, value)));
            }
          }
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everythingCanBeDeletedFromAFullStore(Configuration configuration, Sizes sizes) {
    try (KvStore<String, String> store = open(configuration, sizes, LIMIT)) {
      int count = fill(store, sizes);
      overwrite(store, sizes, count);
      deleteAll(store, sizes, count);

      assertThat(store.size()).isZero();
      assertThat(fill(store, sizes)).isGreaterThan(count * 3 / 4);
    }
  }

  static Stream<Arguments> allOnTheDisk() {
    return Stream.of(Configuration.values())
        .filter(Configuration::isDurable)
        .flatMap(c -> Stream.of(100, 3_000).map(bytes -> Arguments.of(c, bytes)));
  }

  /** Opens with less than there is, which a caller may do to make a store smaller. */
  @ParameterizedTest
  @MethodSource("allOnTheDisk")
  void everythingCanBeDeletedFromAStoreThatIsOverItsLimit(
      Configuration configuration, int valueBytes) {
    Sizes sizes = new Sizes(KvStoreBuilder.MAX_SEGMENT_BYTES, 10, valueBytes);
    int count;
    try (KvStore<String, String> store = open(configuration, sizes, 4 * LIMIT)) {
      count = fill(store, sizes);
    }
    try (KvStore<String, String> store = open(configuration, sizes, LIMIT)) {
      for (int i = 0; i < count; i++) {
        assertThat(store.get(sizes.key(i))).isEqualTo(sizes.value(i));
      }
      assertThat(puts(store, "another key", "a value")).isFalse();
      deleteAll(store, sizes, count);

      assertThat(store.size()).isZero();
      store.compact();
      assertThat(store.stats().diskBytes()).isLessThan(LIMIT);
      assertThat(fill(store, sizes)).isGreaterThan(count / 8);
    }
  }

  private static int fill(KvStore<String, String> store, Sizes sizes) {
    int count = 0;
    while (puts(store, sizes.key(count), sizes.value(count))) {
      count++;
    }
    return count;
  }

  private static void overwrite(KvStore<String, String> store, Sizes sizes, int count) {
    for (int i = 0; i < count; i++) {
      puts(store, sizes.key(i), sizes.value(i));
    }
  }

  private static boolean puts(KvStore<String, String> store, String key, String value) {
    Throwable refusal = catchThrowable(() -> store.put(key, value));
    if (refusal != null) {
      assertThat(refusal)
          .isInstanceOf(StoreFullException.class)
          .hasMessageContaining("maxDiskBytes");
    }
    return refusal == null;
  }

  private static void deleteAll(KvStore<String, String> store, Sizes sizes, int count) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    Collections.shuffle(numbers, new Random(count));
    for (int number : numbers) {
      assertThat(store.delete(sizes.key(number))).isTrue();
      assertThat(store.containsKey(sizes.key(number))).isFalse();
    }
  }

  private KvStore<String, String> open(Configuration configuration, Sizes sizes, long limit) {
    return configuration
        .strings(directory)
        .maxSegmentBytes(sizes.segmentBytes())
        .maxDiskBytes(limit)
        .open();
  }
}
