package io.kvstore.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.Page;
import io.kvstore.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The snapshots and scans of a run, compared with copies of the model as of the same time. */
final class ModelViews {
  private static final int MAX_OPEN = 6;

  private final Random random;
  private final Model model;
  private final String[] keys;
  private final List<Held> open = new ArrayList<>();
  private long lastSequence;

  /** A snapshot and its expected content. */
  private record Held(
      Snapshot<String, String> snapshot, NavigableMap<String, String> entries, boolean ordered) {}

  ModelViews(Random random, Model model, String[] keys) {
    this.random = random;
    this.model = model;
    this.keys = keys;
  }

  /** Opens, looks at or closes a view; no call is under way. */
  void step(KvStore<String, String> store, boolean ordered) {
    int choice = random.nextInt(12);
    if (choice < 2 && open.size() < MAX_OPEN) {
      Snapshot<String, String> snapshot = store.snapshot();
      assertThat(snapshot.sequence()).isGreaterThanOrEqualTo(lastSequence);
      lastSequence = snapshot.sequence();
      open.add(new Held(snapshot, new TreeMap<>(model.entries()), ordered));
    } else if (choice < 6 && !open.isEmpty()) {
      Held held = open.get(random.nextInt(open.size()));
      check(held);
      if (choice < 4) {
        held.snapshot().close();
        open.remove(held);
      }
    } else {
      checkRange(store, ordered);
    }
  }

  /** Closes all, some of them after the store has been closed. */
  void closeSome(boolean all) {
    lastSequence = 0;
    for (Held held : List.copyOf(open)) {
      if (all || random.nextBoolean()) {
        held.snapshot().close();
        open.remove(held);
      }
    }
  }

  private void check(Held held) {
    Snapshot<String, String> snapshot = held.snapshot();
    for (int i = 0; i < 10; i++) {
      String key = keys[random.nextInt(keys.length)];
      assertThat(snapshot.get(key)).isEqualTo(held.entries().get(key));
      assertThat(snapshot.containsKey(key)).isEqualTo(held.entries().containsKey(key));
    }
    KeyRange<String> range = random.nextBoolean() ? KeyRange.all() : anyRange();
    List<Map.Entry<String, String>> expected = of(range, held.entries());
    assertSame(pairs(snapshot.scan(range)), expected, held.ordered());
    assertSame(pairs(snapshot), List.copyOf(held.entries().entrySet()), false);
    assertThat(snapshot.size()).isGreaterThanOrEqualTo(held.entries().size());
    if (held.ordered()) {
      assertFirst(snapshot.first(range), expected);
    }
  }

  private void checkRange(KvStore<String, String> store, boolean ordered) {
    KeyRange<String> range = anyRange();
    List<Map.Entry<String, String>> expected = of(range, new TreeMap<>(model.entries()));
    assertSame(pairs(store.scan(range)), expected, ordered);
    List<Map.Entry<String, String>> paged = new ArrayList<>();
    int limit = 1 + random.nextInt(60);
    String cursor = null;
    do {
      Page<String, String> page = store.page(range, cursor, limit);
      paged.addAll(pairs(page.entries()));
      cursor = page.cursor();
    } while (cursor != null);
    assertSame(paged, expected, ordered);
    if (ordered) {
      assertFirst(store.first(range), expected);
    }
  }

  private static void assertFirst(
      @Nullable Entry<String, String> first, List<Map.Entry<String, String>> expected) {
    assertThat(first == null ? null : Map.entry(first.key(), first.value()))
        .isEqualTo(expected.isEmpty() ? null : expected.get(0));
  }

  private static void assertSame(
      List<Map.Entry<String, String>> found,
      List<Map.Entry<String, String>> expected,
      boolean ordered) {
    List<Map.Entry<String, String>> sorted = new ArrayList<>(found);
    List<Map.Entry<String, String>> wanted = new ArrayList<>(expected);
    if (!ordered) {
      sorted.sort(Map.Entry.comparingByKey());
      wanted.sort(Map.Entry.comparingByKey());
    }
    // The whole lists are much too long for a message.
    assertThat(sorted.equals(wanted))
        .as(
            () ->
                "found keys "
                    + sorted.stream().map(Map.Entry::getKey).map(ModelViews::brief).toList()
                    + ", expected "
                    + wanted.stream().map(Map.Entry::getKey).map(ModelViews::brief).toList())
        .isTrue();
  }

  private static String brief(String key) {
    return key.length() < 12 ? key : key.substring(0, 12);
  }

  private static List<Map.Entry<String, String>> pairs(Iterable<Entry<String, String>> entries) {
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    entries.forEach(entry -> pairs.add(Map.entry(entry.key(), entry.value())));
    return pairs;
  }

  private KeyRange<String> anyRange() {
    String bound = keys[random.nextInt(keys.length)];
    KeyRange<String> range =
        random.nextInt(3) == 0
            ? KeyRange.prefix(bound.substring(0, Math.min(bound.length(), random.nextInt(3))))
            : KeyRange.all();
    range =
        switch (random.nextInt(3)) {
          case 0 -> range.from(bound);
          case 1 -> range.after(bound);
          default -> range;
        };
    bound = keys[random.nextInt(keys.length)];
    range =
        switch (random.nextInt(3)) {
          case 0 -> range.to(bound);
          case 1 -> range.before(bound);
          default -> range;
        };
    return random.nextBoolean() ? range : range.reversed();
  }

  private static List<Map.Entry<String, String>> of(
      KeyRange<String> range, NavigableMap<String, String> model) {
    List<Map.Entry<String, String>> found = new ArrayList<>();
    NavigableMap<String, String> all = range.isReversed() ? model.descendingMap() : model;
    for (Map.Entry<String, String> entry : all.entrySet()) {
      if (contains(range, entry.getKey())) {
        found.add(Map.entry(entry.getKey(), entry.getValue()));
      }
    }
    return found;
  }

  private static boolean contains(KeyRange<String> range, String key) {
    String lower = range.lower();
    String upper = range.upper();
    String prefix = range.prefix();
    int above = lower == null ? 1 : key.compareTo(lower);
    int below = upper == null ? -1 : key.compareTo(upper);
    return (above > 0 || (above == 0 && range.isLowerIncluded()))
        && (below < 0 || (below == 0 && range.isUpperIncluded()))
        && (prefix == null || key.startsWith(prefix));
  }
}
