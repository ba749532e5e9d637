package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import io.kvstore.testing.QuickDirectories;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records at and around each size limit: a record that fits is stored, overwritten, deleted,
 * compacted and found after a crash; one that does not is rejected by each call, naming the limit.
 */
class RecordLimitTest {
  private static final int MAX_VALUE_BYTES = 9_000;
  private static final int SEGMENT_BYTES = KvStoreBuilder.MIN_SEGMENT_BYTES;

  @TempDir(factory = QuickDirectories.class)
  Path directory;

  /** A limit, and records of a given size with respect to it. */
  enum Limit {
    KEY(KvStore.MAX_KEY_BYTES, "MAX_KEY_BYTES = 65535"),
    VALUE(MAX_VALUE_BYTES, "maxValueBytes = 9000"),
    LABEL(PutOptions.MAX_LABEL_BYTES, "MAX_LABEL_BYTES = 255"),
    /** None that anybody can pass: a larger record gets a segment of its own. */
    SEGMENT(SEGMENT_BYTES, "");

    private final int bytes;
    private final String named;

    Limit(int bytes, String named) {
      this.bytes = bytes;
      this.named = named;
    }

    String key(int size) {
      return this == KEY ? "k".repeat(size) : "key of " + size;
    }

    /** Returns a batch of one put of a size, with a number in it. */
    Batch<String, String> put(Batch<String, String> batch, int size, int number) {
      String text = "" + number;
      return switch (this) {
        case KEY -> batch.put(key(size), text);
        case VALUE, SEGMENT -> batch.put(key(size), text + "v".repeat(size - text.length()));
        case LABEL -> batch.put(key(size), text, PutOptions.NONE.label("l".repeat(size)));
      };
    }

    /** Returns sizes that are allowed, up to the largest. */
    IntStream sizes() {
      return this == SEGMENT
          ? IntStream.rangeClosed(bytes - 200, bytes + 50)
          : IntStream.rangeClosed(bytes - 2, bytes);
    }
  }

  static Stream<Arguments> all() {
    return Stream.of(Limit.values())
        .flatMap(l -> Stream.of(Configuration.values()).map(c -> Arguments.of(l, c)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void recordsUpToTheLimitAreStoredReplacedAndFound(Limit limit, Configuration configuration)
      throws IOException {
    Map<String, Entry<String, String>> expected;
    try (KvStore<String, String> store = open(configuration, directory.resolve("store"))) {
      limit.sizes().forEach(size -> put(store, limit, size, 1));
      try (Snapshot<String, String> snapshot = store.snapshot()) {
        expected = entries(snapshot);
        limit.sizes().forEach(size -> put(store, limit, size, 22));
        store.compact();
        assertThat(entries(snapshot)).isEqualTo(expected);
      }
      assertThat(expected).hasSize((int) limit.sizes().count());
      limit
          .sizes()
          .filter(size -> size % 2 == 0)
          .forEach(size -> assertThat(store.delete(limit.key(size))).isTrue());
      store.compact();
      limit.sizes().filter(size -> size % 4 == 0).forEach(size -> put(store, limit, size, 333));
      expected = entries(store);
      assertCrashIsSurvived(configuration, expected);
    }
    assertOpens(configuration, directory.resolve("store"), expected);
  }

  private static void put(KvStore<String, String> store, Limit limit, int size, int number) {
    assertThat(store.write(limit.put(store.batch(), size, number)).applied()).isTrue();
    assertThat(store.get(limit.key(size))).startsWith("" + number);
  }

  private void assertCrashIsSurvived(
      Configuration configuration, Map<String, Entry<String, String>> expected) throws IOException {
    if (configuration.isDurable()) {
      Path copy = directory.resolve("copy");
      StoreFiles.copy(directory.resolve("store"), copy);
      assertOpens(configuration, copy, expected);
    }
  }

  private static void assertOpens(
      Configuration configuration, Path path, Map<String, Entry<String, String>> expected)
      throws IOException {
    if (!configuration.isDurable()) {
      return;
    }
    for (int i = 0; i < 2; i++) {
      try (KvStore<String, String> store = open(configuration, path)) {
        assertThat(entries(store)).isEqualTo(expected);
      }
      Files.deleteIfExists(path.resolve("index"));
    }
    try (KvStore<String, String> store = configuration.strings(path).readOnly().open()) {
      assertThat(entries(store)).isEqualTo(expected);
    }
  }

  static Stream<Arguments> allThatCanBePassed() {
    return all().filter(arguments -> arguments.get()[0] != Limit.SEGMENT);
  }

  @ParameterizedTest
  @MethodSource("allThatCanBePassed")
  void recordOverTheLimitIsRefusedByEachCall(Limit limit, Configuration configuration) {
    try (KvStore<String, String> store = open(configuration, directory)) {
      String key = limit.key(limit.bytes);
      put(store, limit, limit.bytes, 1);
      put(store, limit, limit.bytes - 1, 1);
      long sequence = store.stats().sequence();
      int size = limit.bytes + 1;
      String tooLong = limit == Limit.KEY ? limit.key(size) : key;
      String value = limit == Limit.VALUE ? "v".repeat(size) : "";

      assertRefused(limit, () -> store.write(limit.put(store.batch(), size, 2)));
      if (limit != Limit.LABEL) {
        String old = store.get(key);
        List<Runnable> calls =
            List.of(
                () -> store.put(tooLong, value),
                () -> store.putAsync(tooLong, value),
                () -> store.put(tooLong, value, KvStore.MAX_TTL),
                () -> store.putIfAbsent(limit == Limit.KEY ? tooLong : "absent", value),
                () -> store.replace(tooLong, old, value),
                () -> store.replaceVersion(tooLong, 1, value),
                () -> store.getAndPut(tooLong, value),
                () -> store.compute(tooLong, (k, found) -> value),
                () -> store.write(store.batch().delete(key).put(tooLong, value)),
                () -> store.writeAsync(store.batch().put(tooLong, value)));
        calls.forEach(call -> assertRefused(limit, call));
      }

      assertThat(store.stats().sequence()).isEqualTo(sequence);
      assertThat(store.get(key)).startsWith("1");
      assertThat(store.size()).isEqualTo(2);
      assertThat(store.delete(key)).isTrue();
      put(store, limit, limit.bytes, 4);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IN_MEMORY")
  void valueThatIsTooLongByNowStays(Configuration configuration) {
    Limit limit = Limit.VALUE;
    try (KvStore<String, String> store = open(configuration, directory)) {
      put(store, limit, limit.bytes, 1);
      put(store, limit, limit.bytes - 1, 1);
    }
    try (KvStore<String, String> store =
        configuration.strings(directory).maxValueBytes(10).open()) {
      String key = limit.key(limit.bytes);
      assertThat(store.get(key)).hasSize(limit.bytes);
      store.compact();
      assertThat(entries(store)).hasSize(2);
      assertThat(store.delete(key)).isTrue();
      store.put(limit.key(limit.bytes - 1), "short");
      assertThat(store.get(limit.key(limit.bytes - 1))).isEqualTo("short");
    }
  }

  private static void assertRefused(Limit limit, Runnable call) {
    assertThat(catchThrowable(call::run))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(limit.named);
  }

  private static KvStore<String, String> open(Configuration configuration, Path path) {
    return configuration
        .builder(path, Codecs.string(), Codecs.string())
        .maxValueBytes(MAX_VALUE_BYTES)
        .maxSegmentBytes(SEGMENT_BYTES)
        .open();
  }

  private static Map<String, Entry<String, String>> entries(
      Iterable<Entry<String, String>> entries) {
    Map<String, Entry<String, String>> found = new HashMap<>();
    entries.forEach(entry -> found.put(entry.key(), entry));
    return found;
  }
}
