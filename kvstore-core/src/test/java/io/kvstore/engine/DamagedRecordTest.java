package io.kvstore.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.Damage;
import io.kvstore.Durability;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.Page;
import io.kvstore.Snapshot;
import io.kvstore.StoreListener;
import io.kvstore.codec.Codecs;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One record that a checkpoint covers is damaged: it costs one entry and nothing else. */
class DamagedRecordTest {
  private static final String KEY = "key-to-be-damaged";
  private static final int KEYS = 100;
  private static final int SEGMENT_BYTES = 65_536;

  @TempDir Path directory;

  private final Map<String, String> others = new HashMap<>();
  private final ConcurrentLinkedQueue<Damage> reported = new ConcurrentLinkedQueue<>();

  /** Which byte of the record is damaged, from the start of its key. */
  enum Place {
    SEQUENCE(-12),
    VALUE_LENGTH(-15),
    KEY_LENGTH(-4),
    TYPE(-2),
    FLAGS(-1),
    FIRST_OF_KEY(0),
    LAST_OF_KEY(KEY.length() - 1),
    VALUE(KEY.length() + 500);

    final int offset;

    Place(int offset) {
      this.offset = offset;
    }
  }

  record Case(Durability durability, Place place, boolean ordered) {}

  static Stream<Case> cases() {
    return Arrays.stream(Durability.values())
        .flatMap(
            durability ->
                Arrays.stream(Place.values())
                    .map(place -> new Case(durability, place, place.offset % 2 == 0)));
  }

  private KvStore<String, String> open(Case c) {
    KvStoreBuilder<String, String> builder =
        KvStore.builder(Codecs.string(), Codecs.string())
            .directory(directory.resolve("store"))
            .durability(c.durability)
            .stripes(1)
            .maxSegmentBytes(SEGMENT_BYTES)
            .listener(
                new StoreListener() {
                  @Override
                  public void onDamage(Damage damage) {
                    reported.add(damage);
                  }
                });
    return (c.ordered ? builder.ordered() : builder).open();
  }

  private KvStore<String, String> openDamaged(Case c) throws IOException {
    try (KvStore<String, String> store = open(c)) {
      for (int i = 0; i < KEYS; i++) {
        if (i == KEYS / 2) {
          store.put(KEY, "damaged".repeat(300));
        }
        put(store, "key" + i, "value" + i + "-".repeat(2_000));
      }
    }
    damage(c.place.offset);
    return open(c);
  }

  private void put(KvStore<String, String> store, String key, String value) {
    store.put(key, value);
    others.put(key, value);
  }

  private void damage(int offset) throws IOException {
    int found = 0;
    try (Stream<Path> files = Files.list(directory.resolve("store"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".segment")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, ISO_8859_1).indexOf(KEY);
        if (at >= 0) {
          bytes[at + offset] ^= 0x10;
          Files.write(file, bytes);
          found++;
        }
      }
    }
    assertThat(found).isEqualTo(1);
  }

  private void assertOthersAreThere(KvStore<String, String> store) {
    others.forEach((key, value) -> assertThat(store.get(key)).isEqualTo(value));
  }

  private static void assertDamaged(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            CorruptStoreException.class,
            e -> {
              assertThat(e.file().toString()).endsWith(".segment");
              assertThat(e.offset()).isPositive();
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whoeverNeedsTheValueIsToldAndNothingElseIsAffected(Case c) throws IOException {
    try (KvStore<String, String> store = openDamaged(c)) {
      assertOthersAreThere(store);
      assertDamaged(() -> store.get(KEY));
      assertDamaged(() -> store.entry(KEY));
      assertDamaged(() -> store.containsKey(KEY));
      assertDamaged(() -> store.getAndPut(KEY, "new"));
      assertDamaged(() -> store.getAndDelete(KEY));
      assertDamaged(() -> store.replace(KEY, "old", "new"));
      assertDamaged(() -> store.delete(KEY, "old"));
      assertDamaged(() -> store.replaceVersion(KEY, 7, "new"));
      assertDamaged(() -> store.compute(KEY, (key, old) -> "new"));
      assertDamaged(() -> store.touch(KEY, Duration.ofDays(1)));
      assertDamaged(() -> store.persist(KEY));
      assertDamaged(() -> store.putIfAbsent(KEY, "new"));
      assertThat(store.stats().sequence()).isEqualTo(KEYS + 1);
      put(store, "more", "value");
      assertOthersAreThere(store);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void damagedEntryCanBeOverwrittenAndDeleted(Case c) throws IOException {
    List<Consumer<KvStore<String, String>>> writes =
        List.of(
            store -> store.put(KEY, "new"),
            store -> store.put(KEY, "new", Duration.ofDays(1)),
            store -> store.write(store.batch().put(KEY, "new").delete("no such key")),
            store -> store.write(store.batch().delete(KEY).put(KEY, "new")),
            store -> assertThat(store.delete(KEY)).isTrue(),
            store -> store.write(store.batch().requirePresent(KEY).delete(KEY)));
    KvStore<String, String> original = openDamaged(c);
    original.close();
    Path copy = directory.resolve("copy");
    Files.move(directory.resolve("store"), copy);
    for (int i = 0; i < writes.size(); i++) {
      StoreFiles.copy(copy, directory.resolve("store"));
      String expected = i < 4 ? "new" : null;
      try (KvStore<String, String> store = open(c)) {
        writes.get(i).accept(store);
        assertThat(store.get(KEY)).as("write %s", i).isEqualTo(expected);
        assertThat(store.size()).isEqualTo(KEYS + (i < 4 ? 1 : 0));
        assertOthersAreThere(store);
        StoreFiles.copy(directory.resolve("store"), directory.resolve("uncompacted"));
        store.compact();
        assertThat(store.get(KEY)).isEqualTo(expected);
        StoreFiles.copy(directory.resolve("store"), directory.resolve("crashed"));
        store.backup(directory.resolve("backup" + i));
      }
      for (String name : List.of("store", "crashed", "uncompacted", "backup" + i)) {
        if (!name.equals("store")) {
          StoreFiles.delete(directory.resolve("store"));
          Files.move(directory.resolve(name), directory.resolve("store"));
        }
        try (KvStore<String, String> store = open(c)) {
          assertThat(store.get(KEY)).as("write %s, %s", i, name).isEqualTo(expected);
          assertThat(store.size()).as("write %s, %s", i, name).isEqualTo(KEYS + (i < 4 ? 1 : 0));
          assertOthersAreThere(store);
          store.forEach(entry -> {});
        }
      }
      StoreFiles.delete(directory.resolve("store"));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void scansPagesAndSnapshotsPassIt(Case c) throws IOException {
    try (KvStore<String, String> store = openDamaged(c);
        Snapshot<String, String> snapshot = store.snapshot()) {
      assertPassed(store.iterator());
      assertPassed(snapshot.iterator());
      assertPassed(store.scan(KeyRange.all()).iterator());
      Map<String, String> paged = new HashMap<>();
      String cursor = null;
      do {
        Page<String, String> page = store.page(KeyRange.all(), cursor, 7);
        page.entries().forEach(entry -> paged.put(entry.key(), entry.value()));
        cursor = page.cursor();
      } while (cursor != null);
      assertThat(paged).isEqualTo(others);
      store.put(KEY, "new");
      others.forEach((key, value) -> assertThat(snapshot.get(key)).isEqualTo(value));
      assertDamaged(() -> snapshot.get(KEY));
      assertThat(reported).isNotNull();
    }
  }

  private void assertPassed(Iterator<Entry<String, String>> iterator) {
    Map<String, String> found = new HashMap<>();
    int damaged = 0;
    for (boolean more = true; more; ) {
      try {
        more = iterator.hasNext();
        if (more) {
          Entry<String, String> entry = iterator.next();
          found.put(entry.key(), entry.value());
        }
      } catch (CorruptStoreException e) {
        damaged++;
      }
    }
    assertThat(found).isEqualTo(others);
    assertThat(damaged).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void compactionGoesAroundIt(Case c) throws IOException {
    try (KvStore<String, String> store = openDamaged(c)) {
      long before = store.stats().diskBytes();
      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < KEYS; i++) {
          put(store, "key" + i, "value" + i + "-" + round + "-".repeat(2_000));
        }
        store.compact();
      }

      assertThat(store.stats().diskBytes()).isLessThan(3 * before);
      assertOthersAreThere(store);
      assertDamaged(() -> store.get(KEY));
      assertThat(store.stats().damagedPlaces()).isPositive();
      store.put(KEY, "new");
      store.compact();
      assertThat(store.get(KEY)).isEqualTo("new");
    }
    assertThat(reported).isNotEmpty();
    assertThat(reported.peek().file().toString().getBytes(UTF_8)).isNotEmpty();
    try (KvStore<String, String> store = open(c)) {
      assertOthersAreThere(store);
      assertThat(store.get(KEY)).isEqualTo("new");
    }
  }
}
