package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kvstore.testing.Configuration;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of {@link Snapshot}, on each kind of store. */
class SnapshotTest {
  private static final int KEYS = 200;

  /** Ends a hanging test. */
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void showsNoLaterChange(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("kept", "1");
      store.put("replaced", "1");
      store.put("deleted", "1");
      try (Snapshot<String, String> snapshot = store.snapshot()) {
        store.put("replaced", "2");
        store.delete("deleted");
        store.put("new", "2");
        store.put("replaced", "3");
        store.delete("replaced");

        assertThat(snapshot.get("kept")).isEqualTo("1");
        assertThat(snapshot.get("replaced")).isEqualTo("1");
        assertThat(snapshot.get("deleted")).isEqualTo("1");
        assertThat(snapshot.get("new")).isNull();
        assertThat(snapshot.containsKey("new")).isFalse();
        assertThat(snapshot.containsKey("deleted")).isTrue();
        assertThat(snapshot.size()).isEqualTo(3);
        assertThat(snapshot.sequence()).isEqualTo(3);
        assertThat(snapshot.entry("deleted").version()).isEqualTo(3);
        assertThat(entriesOf(snapshot))
            .isEqualTo(Map.of("kept", "1", "replaced", "1", "deleted", "1"));
        assertThat(entriesOf(store)).isEqualTo(Map.of("kept", "1", "new", "2"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchMayReplaceAnyNumberOfEntriesThatASnapshotShows(Configuration configuration) {
    int many = 20_000;
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      putBatch(store, many, "1");
      try (Snapshot<String, String> older = store.snapshot();
          Snapshot<String, String> snapshot = store.snapshot()) {
        assertTimeoutPreemptively(LONG, () -> putBatch(store, many, "2"));

        for (int i = 0; i < many; i++) {
          assertThat(snapshot.get("k" + i)).isEqualTo("1");
          assertThat(older.get("k" + i)).isEqualTo("1");
        }
      }
      assertThat(store.get("k7")).isEqualTo("2");
    }
  }

  private static void putBatch(KvStore<String, String> store, int count, String value) {
    Batch<String, String> batch = store.batch();
    for (int i = 0; i < count; i++) {
      batch.put("k" + i, value);
    }
    store.write(batch);
  }

  @ParameterizedTest
  @EnumSource
  void emptyStoreHasAnEmptySnapshot(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open();
        Snapshot<String, String> snapshot = store.snapshot()) {
      store.put("new", "1");

      assertThat(snapshot.sequence()).isZero();
      assertThat(snapshot.size()).isZero();
      assertThat(snapshot.get("new")).isNull();
      assertThatThrownBy(snapshot.iterator()::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closedSnapshotAndClosedStoreRefuse(Configuration configuration) {
    KvStore<String, String> store = configuration.strings(directory).open();
    Snapshot<String, String> closed = store.snapshot();
    closed.close();
    closed.close();
    Snapshot<String, String> open = store.snapshot();
    store.close();

    for (Snapshot<String, String> each : List.of(closed, open)) {
      assertThatThrownBy(() -> each.get("key")).isInstanceOf(ClosedStoreException.class);
      assertThatThrownBy(() -> each.entry("key")).isInstanceOf(ClosedStoreException.class);
      assertThatThrownBy(() -> each.containsKey("key")).isInstanceOf(ClosedStoreException.class);
      assertThatThrownBy(each::size).isInstanceOf(ClosedStoreException.class);
      assertThatThrownBy(each::sequence).isInstanceOf(ClosedStoreException.class);
      assertThatThrownBy(each::iterator).isInstanceOf(ClosedStoreException.class);
    }
    open.close();
  }

  @ParameterizedTest
  @EnumSource
  void eachOfManySnapshotsShowsItsOwnMoment(Configuration configuration) {
    long seed = LongForm.seed("kvstore.test.seed");
    Random random = new Random(seed);
    Map<String, String> model = new HashMap<>();
    Map<Snapshot<String, String>, Map<String, String>> open = new HashMap<>();
    try (KvStore<String, String> store =
        configuration.strings(directory).stripes(4).maxSegmentBytes(4096).open()) {
      for (int i = 0; i < 6_000; i++) {
        String key = "key" + random.nextInt(KEYS);
        if (random.nextInt(3) == 0) {
          store.delete(key);
          model.remove(key);
        } else {
          store.put(key, "value" + i);
          model.put(key, "value" + i);
        }
        if (random.nextInt(60) == 0) {
          open.put(store.snapshot(), new HashMap<>(model));
        }
        if (random.nextInt(70) == 0 && !open.isEmpty()) {
          List<Snapshot<String, String>> all = new ArrayList<>(open.keySet());
          Snapshot<String, String> one = all.get(random.nextInt(all.size()));
          check(one, open.remove(one), "seed " + seed + ", change " + i);
          one.close();
        }
      }
      open.forEach((snapshot, expected) -> check(snapshot, expected, "seed " + seed));
      open.keySet().forEach(Snapshot::close);
    }
  }

  private static void check(
      Snapshot<String, String> snapshot, Map<String, String> expected, String what) {
    assertThat(entriesOf(snapshot)).as(what).isEqualTo(expected);
    assertThat(snapshot.size()).as(what).isEqualTo(expected.size());
    for (int i = 0; i < KEYS; i++) {
      assertThat(snapshot.get("key" + i)).as(what).isEqualTo(expected.get("key" + i));
    }
  }

  /**
   * One thread writes rising numbers under keys in a fixed order, so at each moment the values are
   * those of one round up to some key, and those of the round before from there on.
   */
  @ParameterizedTest
  @EnumSource
  void snapshotWhileWritingIsABeginningOfTheHistory(Configuration configuration) throws Exception {
    int rounds = configuration == Configuration.SYNC ? 60 : 3_000;
    AtomicBoolean done = new AtomicBoolean();
    try (KvStore<String, String> store =
            configuration.strings(directory).stripes(8).maxSegmentBytes(1 << 16).open();
        Threads threads = new Threads()) {
      threads.run(() -> writeRounds(store, rounds, done));
      threads.run(() -> lookUntil(done, store));
      threads.run(() -> lookUntil(done, store));
      threads.join();
    }
  }

  private static void writeRounds(KvStore<String, String> store, int rounds, AtomicBoolean done) {
    try {
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 40; i++) {
          store.put("key" + i, Integer.toString(round));
        }
      }
    } finally {
      done.set(true);
    }
  }

  private static void lookUntil(AtomicBoolean done, KvStore<String, String> store) {
    do {
      try (Snapshot<String, String> snapshot = store.snapshot()) {
        long shown = snapshot.sequence();
        for (int pass = 0; pass < 3; pass++) {
          Map<String, String> all = entriesOf(snapshot);
          for (int i = 0; i < 40; i++) {
            // Change number n, from 1, writes key (n - 1) % 40 in round (n - 1) / 40.
            long last = shown <= i ? -1 : (shown - 1 - i) / 40;
            String expected = last < 0 ? null : Long.toString(last);
            assertThat(snapshot.get("key" + i)).as("at %s", shown).isEqualTo(expected);
            assertThat(all.get("key" + i)).as("in all at %s", shown).isEqualTo(expected);
          }
          assertThat(all).hasSize((int) Math.min(40, shown));
          assertThat(snapshot.size()).isEqualTo(all.size());
        }
      }
    } while (!done.get());
  }

  private static Map<String, String> entriesOf(Iterable<Entry<String, String>> entries) {
    Map<String, String> all = new HashMap<>();
    for (Entry<String, String> entry : entries) {
      assertThat(all.put(entry.key(), entry.value())).as("found twice").isNull();
    }
    return all;
  }
}
