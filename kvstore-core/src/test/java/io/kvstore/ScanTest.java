package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Scans of key ranges, ordered and unordered, whole and in pages, on each kind of store. */
class ScanTest {
  private static final Comparator<String> BYTES = Comparator.naturalOrder(); // ASCII here

  @TempDir Path directory;

  private final long seed = LongForm.seed("kvstore.test.seed");
  private final Random random = new Random(seed);

  @ParameterizedTest
  @EnumSource
  void everyRangeIsThatOfASortedMap(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).ordered().open()) {
      NavigableMap<String, String> model = new TreeMap<>(BYTES);
      for (int i = 0; i < 1_500; i++) {
        change(store, model);
        if (i % 5 == 0) {
          KeyRange<String> range = anyRange();
          List<Map.Entry<String, String>> expected = List.copyOf(of(range, model).entrySet());
          assertThat(pairs(store.scan(range))).as("seed %s", seed).isEqualTo(expected);
          Entry<String, String> first = store.first(range);
          assertThat(first == null ? null : Map.entry(first.key(), first.value()))
              .isEqualTo(expected.isEmpty() ? null : expected.get(0));
          assertThat(pages(store, range)).as("seed %s", seed).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void unorderedStoreFindsTheSameInAnyOrder(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).stripes(2).open()) {
      NavigableMap<String, String> model = new TreeMap<>(BYTES);
      for (int i = 0; i < 1_000; i++) {
        change(store, model);
        if (i % 10 == 0) {
          KeyRange<String> range = anyRange();
          Set<Map.Entry<String, String>> expected = of(range, model).entrySet();
          assertThat(pairs(store.scan(range)))
              .as("seed %s", seed)
              .containsExactlyInAnyOrderElementsOf(expected);
          assertThat(pages(store, range))
              .as("seed %s", seed)
              .containsExactlyInAnyOrderElementsOf(expected);
        }
      }
      assertThatThrownBy(() -> store.first(KeyRange.all()))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("ordered()");
    }
  }

  @ParameterizedTest
  @EnumSource
  void snapshotsOfAnOrderedStoreStayInOrder(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).ordered().open()) {
      NavigableMap<String, String> model = new TreeMap<>(BYTES);
      for (int round = 0; round < 20; round++) {
        try (Snapshot<String, String> snapshot = store.snapshot()) {
          NavigableMap<String, String> then = new TreeMap<>(model);
          for (int i = 0; i < 60; i++) {
            change(store, model);
          }
          for (int i = 0; i < 5; i++) {
            KeyRange<String> range = anyRange();
            List<Map.Entry<String, String>> expected = List.copyOf(of(range, then).entrySet());
            assertThat(pairs(snapshot.scan(range))).as("seed %s", seed).isEqualTo(expected);
            Entry<String, String> first = snapshot.first(range);
            assertThat(first == null ? null : first.key())
                .isEqualTo(expected.isEmpty() ? null : expected.get(0).getKey());
          }
        }
        assertThat(pairs(store.scan(KeyRange.all()))).isEqualTo(List.copyOf(model.entrySet()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void orderIsThereAgainAfterReopening(Configuration configuration) {
    if (!configuration.isDurable()) {
      return;
    }
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      for (String key : List.of("b", "c", "a", "deleted")) {
        store.put(key, "value");
      }
      store.delete("deleted");
    }
    try (KvStore<String, String> store = configuration.strings(directory).ordered().open()) {
      assertThat(keys(store.scan(KeyRange.all()))).containsExactly("a", "b", "c");
      assertThat(keys(store.scan(KeyRange.<String>all().reversed())))
          .containsExactly("c", "b", "a");
    }
  }

  @ParameterizedTest
  @EnumSource
  void keyThatHadExpiredWhenTheStoreWasOpenedIsInOrderOnceItIsPutAnew(Configuration configuration) {
    if (!configuration.isDurable()) {
      return;
    }
    ManualClock clock = new ManualClock();
    KvStoreBuilder<String, String> builder = configuration.strings(directory).clock(clock);
    try (KvStore<String, String> store = builder.open()) {
      store.put("b", "value", Duration.ofMillis(5));
    }
    clock.pass(Duration.ofMillis(6));
    try (KvStore<String, String> store = builder.ordered().open()) {
      assertThat(keys(store.scan(KeyRange.all()))).isEmpty();
      store.put("b", "anew");
      assertThat(keys(store.scan(KeyRange.all()))).containsExactly("b");
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  void pagesHaveWhatStaysOnceWhateverIsWritten(boolean ordered, boolean reopens) {
    KvStoreBuilder<String, String> builder =
        KvStore.builder(Codecs.string(), Codecs.string()).directory(directory).stripes(2);
    if (ordered) {
      builder.ordered();
    }
    KvStore<String, String> store = builder.open();
    for (int i = 0; i < 500; i++) {
      store.put("stays" + i, "value");
      store.put("goes" + i, "value");
    }
    Map<String, Integer> seen = new HashMap<>();
    String cursor = null;
    int n = 0;
    do {
      Page<String, String> page = store.page(KeyRange.all(), cursor, 20);
      page.entries().forEach(entry -> seen.merge(entry.key(), 1, Integer::sum));
      cursor = page.cursor();
      for (int i = 0; i < 30; i++, n++) {
        store.put("new" + n, "value"); // lets indexes grow
        store.delete("goes" + n);
      }
      if (reopens && n % 300 == 0) {
        store.close();
        store = builder.open();
      }
    } while (cursor != null);
    store.close();

    for (int i = 0; i < 500; i++) {
      assertThat(seen).containsEntry("stays" + i, 1);
    }
    assertThat(new HashSet<>(seen.values())).containsExactly(1);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void pageEndsWithTheEntryThatBringsItToAMebibyte(boolean ordered) {
    KvStoreBuilder<String, String> builder = KvStore.builder(Codecs.string(), Codecs.string());
    try (KvStore<String, String> store = (ordered ? builder.ordered() : builder).open()) {
      for (int i = 0; i < 20; i++) {
        store.put("large" + i, "v".repeat(300_000));
      }
      Set<String> seen = new HashSet<>();
      String cursor = null;
      do {
        Page<String, String> page = store.page(KeyRange.all(), cursor, 1_000);
        assertThat(page.entries()).hasSizeLessThan(6);
        page.entries().forEach(entry -> assertThat(seen.add(entry.key())).isTrue());
        cursor = page.cursor();
      } while (cursor != null);

      assertThat(seen).hasSize(20);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void foreignCursorsAndLimitsAreRefused(boolean ordered) {
    KvStoreBuilder<String, String> builder = KvStore.builder(Codecs.string(), Codecs.string());
    try (KvStore<String, String> store = (ordered ? builder.ordered() : builder).open()) {
      for (String cursor : List.of("", "x", "h", "k*", "h-1", "hzzzzzzzzzzzzz", "h!", "-")) {
        assertThatThrownBy(() -> store.page(KeyRange.all(), cursor, 1))
            .as(cursor)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("\"" + cursor + "\"");
      }
      for (int limit : new int[] {0, -1}) {
        assertThatThrownBy(() -> store.page(KeyRange.all(), null, limit))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("limit");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void prefixesOfBytesIncludeTheHighest(Configuration configuration) {
    byte[][] keys = {{}, {1}, {(byte) 0xFF}, {(byte) 0xFF, 0}, {(byte) 0xFF, (byte) 0xFF}, {2, 7}};
    try (KvStore<byte[], byte[]> store =
        configuration.builder(directory, Codecs.bytes(), Codecs.bytes()).ordered().open()) {
      for (byte[] key : keys) {
        store.put(key, key);
      }

      assertThat(keys(store.scan(KeyRange.prefix(new byte[] {(byte) 0xFF}))))
          .containsExactly(keys[2], keys[3], keys[4]);
      assertThat(keys(store.scan(KeyRange.prefix(new byte[] {2})))).containsExactly(keys[5]);
      assertThat(keys(store.scan(KeyRange.prefix(new byte[0])))).hasSize(6);
      KeyRange<byte[]> none = KeyRange.<byte[]>all().from(keys[5]).before(keys[1]);
      assertThat(keys(store.scan(none))).isEmpty();
      assertThat(store.first(none)).isNull();
    }
  }

  // ---- models

  private void change(KvStore<String, String> store, Map<String, String> model) {
    String key = key();
    if (random.nextInt(3) == 0) {
      store.delete(key);
      model.remove(key);
    } else {
      String value = Integer.toString(random.nextInt());
      store.put(key, value);
      model.put(key, value);
    }
  }

  private String key() {
    StringBuilder key = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      key.append((char) ('a' + random.nextInt(5)));
    }
    return key.toString();
  }

  private KeyRange<String> anyRange() {
    KeyRange<String> range = random.nextInt(3) == 0 ? KeyRange.prefix(key()) : KeyRange.all();
    range =
        switch (random.nextInt(3)) {
          case 0 -> range.from(key());
          case 1 -> range.after(key());
          default -> range;
        };
    range =
        switch (random.nextInt(3)) {
          case 0 -> range.to(key());
          case 1 -> range.before(key());
          default -> range;
        };
    return random.nextInt(3) == 0 ? range.reversed() : range;
  }

  private static NavigableMap<String, String> of(
      KeyRange<String> range, NavigableMap<String, String> all) {
    NavigableMap<String, String> found = new TreeMap<>(BYTES);
    all.forEach(
        (key, value) -> {
          if (contains(range, key)) {
            found.put(key, value);
          }
        });
    return range.isReversed() ? found.descendingMap() : found;
  }

  private static boolean contains(KeyRange<String> range, String key) {
    String lower = range.lower();
    String upper = range.upper();
    String prefix = range.prefix();
    return (prefix == null || key.startsWith(prefix))
        && (lower == null
            || key.compareTo(lower) > 0
            || (range.isLowerIncluded() && key.equals(lower)))
        && (upper == null
            || key.compareTo(upper) < 0
            || (range.isUpperIncluded() && key.equals(upper)));
  }

  private List<Map.Entry<String, String>> pages(
      KvStore<String, String> store, KeyRange<String> range) {
    List<Map.Entry<String, String>> all = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page<String, String> page = store.page(range, cursor, 1 + random.nextInt(30));
      all.addAll(pairs(page.entries()));
      cursor = page.cursor();
    } while (cursor != null);
    return all;
  }

  private static List<Map.Entry<String, String>> pairs(Iterable<Entry<String, String>> entries) {
    return StreamSupport.stream(entries.spliterator(), false)
        .map(entry -> Map.entry(entry.key(), entry.value()))
        .toList();
  }

  private static <K, V> List<K> keys(Iterable<Entry<K, V>> entries) {
    return StreamSupport.stream(entries.spliterator(), false).map(Entry::key).toList();
  }
}
