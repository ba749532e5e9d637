package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.Durability;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.Snapshot;
import io.kvstore.StoreFullException;
import io.kvstore.compaction.CompactionGoal;
import io.kvstore.maintenance.Checkpointer;
import io.kvstore.platform.Storage;
import io.kvstore.segment.SegmentTable;
import io.kvstore.testing.Configuration;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.ManualClock;
import io.kvstore.testing.StoreFiles;
import io.kvstore.testing.StoreImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What compaction owes to all others: deletes, snapshots, deadlines, checkpoints and the limit. */
@Timeout(600)
class CompactionRulesTest {
  private static final int SEGMENT_BYTES = KvStoreBuilder.MIN_SEGMENT_BYTES;
  private static final String FILLER = "f".repeat(500);
  private static final Storage NO_SYNCS = FaultyStorage.withoutSyncs();

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock();

  // ---- deletes

  @ParameterizedTest
  @EnumSource
  void tombstoneGoesWithTheLastPutThatItHidesAndNotBefore(Durability durability)
      throws IOException {
    Path path = directory.resolve("store");
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store = StoreDoor.open(path, durability, NO_SYNCS)) {
      // The put of each key stays in a segment of which nearly all is live.
      for (int i = 0; i < 40; i++) {
        put(store, expected, "deleted" + i, "1");
        put(store, expected, "stays" + i, FILLER);
      }
      for (int i = 0; i < 40; i++) {
        store.delete("deleted" + i);
        expected.remove("deleted" + i);
      }
      for (int round = 0; round < 30; round++) {
        put(store, expected, "filler" + round % 3, FILLER + round);
        if (round % 5 == 4) {
          background(store);
          assertSurvivesCrash(path, durability, expected);
        }
      }
      store.compact();
      store.compact();

      // Less than a 64th of a segment is not worth a rewriting.
      long rest = store.stats().segments() * (SEGMENT_BYTES / 64L);
      assertThat(store.stats().tombstoneBytes()).isLessThan(Math.min(rest, 40 * 32 / 2));
      assertThat(store.stats().staleBytes()).isLessThan(rest);
      assertSurvivesCrash(path, durability, expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void deletedKeyStaysDeletedWhenTheCheckpointIsOlderThanTheCompaction(Durability durability)
      throws IOException {
    Path path = directory.resolve("store");
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store = StoreDoor.open(path, durability, NO_SYNCS)) {
      for (int round = 0; round < 12; round++) {
        for (int i = 0; i < 20; i++) {
          put(store, expected, "key" + (round * 7 + i) % 60, FILLER + round);
        }
        if (round % 3 == 0) {
          checkpointer(store).run();
        }
        for (int i = 0; i < 10; i++) {
          String key = "key" + (round * 11 + i) % 60;
          store.delete(key);
          expected.remove(key);
        }
        if (round % 2 == 0) {
          store.compact();
        }
        assertSurvivesCrash(path, durability, expected);
        if (round % 4 == 1) {
          checkpointer(store).run();
          assertSurvivesCrash(path, durability, expected);
        }
      }
    }
  }

  // ---- deadlines

  @ParameterizedTest
  @EnumSource
  void entryThatWasMovedAndExpiresIsSwept(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      for (int i = 0; i < 40; i++) {
        store.put("expires" + i, FILLER, Duration.ofSeconds(5));
        store.put("replaced", FILLER);
      }
      store.compact();
      assertThat(store.stats().compaction().rounds()).isPositive();
      clock.pass(Duration.ofSeconds(6));

      store.compact();
      store.compact();

      assertThat(store.size()).isEqualTo(1);
      assertThat(store.stats().liveBytes()).isLessThan(600);
      assertThat(store.stats().diskBytes()).isLessThanOrEqualTo(4 * SEGMENT_BYTES);
    }
  }

  // ---- snapshots and places

  @ParameterizedTest
  @EnumSource
  void snapshotReadsEverythingOverManyRoundsAndGivesPlacesBack(Durability durability) {
    Path path = directory.resolve("store");
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store =
        StoreDoor.open(path, durability, NO_SYNCS, new SegmentTable(120))) {
      for (int round = 0; round < 40; round++) {
        Map<String, String> then = new HashMap<>(expected);
        try (Snapshot<String, String> snapshot = store.snapshot()) {
          for (int pass = 0; pass < 3; pass++) {
            for (int i = 0; i < 30; i++) {
              put(store, expected, "key" + i, FILLER + round + pass);
            }
            store.compact();
            assertThat(all(snapshot)).as("round %s", round).isEqualTo(then);
          }
          then.forEach((key, value) -> assertThat(snapshot.get(key)).isEqualTo(value));
        }
      }
      assertThat(entriesOf(store)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void storeWithoutAPlaceForASegmentGoesOnOnceThereIsOne(Durability durability) {
    Path path = directory.resolve("store");
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store =
        StoreDoor.open(path, durability, NO_SYNCS, new SegmentTable(20))) {
      Snapshot<String, String> snapshot = store.snapshot();
      assertThatThrownBy(
              () -> {
                for (int i = 0; ; i++) {
                  put(store, expected, "key" + i % 5, FILLER + i);
                }
              })
          .isInstanceOf(KvStoreException.class)
          .hasMessageContaining("20 segments");
      snapshot.close();
      assertThat(entriesOf(store)).isEqualTo(expected);
      store.compact(); // has places of its own
      put(store, expected, "key", FILLER);
    }
    try (KvStore<String, String> store =
        StoreDoor.open(path, durability, NO_SYNCS, new SegmentTable(40))) {
      Snapshot<String, String> snapshot = store.snapshot();
      try {
        for (int i = 0; ; i++) {
          put(store, expected, "key" + i % 5, FILLER + i);
          if (i % 20 == 19) {
            compactIfThereIsAPlace(store);
          }
        }
      } catch (KvStoreException e) {
        assertThat(e).hasMessageContaining("40 segments");
      }
      snapshot.close();
      for (int i = 0; i < 30; i++) {
        put(store, expected, "key" + i % 5, FILLER + "again" + i);
      }
      assertThat(entriesOf(store)).isEqualTo(expected);
    }
    try (KvStore<String, String> store = StoreDoor.open(path, durability, NO_SYNCS)) {
      assertThat(store.stats().cutBytes()).isZero();
      assertThat(entriesOf(store)).isEqualTo(expected);
    }
  }

  private static void compactIfThereIsAPlace(KvStore<String, String> store) {
    try {
      store.compact();
    } catch (KvStoreException e) {
      assertThat(e).hasMessageContaining("40 segments");
    }
  }

  @ParameterizedTest
  @EnumSource
  void iteratorGoesOnOverSegmentsThatWereDropped(Configuration configuration) {
    try (KvStore<String, String> store = open(configuration)) {
      for (int i = 0; i < 600; i++) {
        store.put("key" + i, FILLER);
        store.put("churn", FILLER);
      }
      List<String> seen = new ArrayList<>();
      Iterator<Entry<String, String>> entries = store.iterator();
      for (int i = 0; entries.hasNext(); i++) {
        Entry<String, String> entry = entries.next();
        assertThat(entry.value()).isEqualTo(FILLER);
        if (entry.key().startsWith("key")) {
          seen.add(entry.key());
        }
        if (i % 60 == 30) {
          for (int j = 0; j < 30; j++) {
            store.put("churn", FILLER);
          }
          store.compact();
        }
      }
      assertThat(seen).hasSize(600).doesNotHaveDuplicates();
    }
  }

  // ---- room

  @ParameterizedTest
  @EnumSource
  void limitIsNeverPassedAndOnlyPutsAreRefused(Configuration configuration) {
    long limit = KvStoreBuilder.MIN_DISK_BYTES;
    try (KvStore<String, String> store =
        configuration
            .strings(directory)
            .stripes(2)
            .maxSegmentBytes(SEGMENT_BYTES)
            .maxDiskBytes(limit)
            .open()) {
      int entries = 0;
      try {
        for (; ; entries++) {
          store.put("key" + entries, FILLER);
          assertThat(diskBytes(store)).isLessThanOrEqualTo(limit);
        }
      } catch (StoreFullException e) {
        assertThat(entries * 500L).isGreaterThan(limit / 2);
      }
      for (int i = 0; i < entries; i += 2) {
        assertThat(store.delete("key" + i)).isTrue();
        assertThat(diskBytes(store)).isLessThanOrEqualTo(limit);
      }
      // Many times the limit goes through what has become free.
      for (int i = 0; i < 4 * entries; i++) {
        store.put("key" + 2 * (i % (entries / 8)), FILLER);
        assertThat(diskBytes(store)).isLessThanOrEqualTo(limit);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void idleStoreShrinksByItself(Configuration configuration) throws InterruptedException {
    try (KvStore<String, String> store = open(configuration)) {
      for (int i = 0; i < 2_000; i++) {
        store.putAsync("key" + i % 200, FILLER + i);
      }
      store.put("last", FILLER);
      awaitThat(() -> store.stats().diskBytes() < store.stats().liveBytes() * 1.3 + 4 * 4096);
      for (int i = 0; i < 200; i++) {
        store.delete("key" + i);
      }
      awaitThat(() -> store.stats().diskBytes() < 8 * 4096);
      assertThat(all(store)).isEqualTo(Map.of("last", FILLER));
    }
  }

  @Test
  void closeDuringARoundLosesNothing() {
    Map<String, String> expected = new HashMap<>();
    for (int n = 0; n < 30; n++) {
      KvStore<String, String> store = StoreDoor.open(directory, Durability.PROCESS, NO_SYNCS);
      for (int i = 0; i < 60; i++) {
        put(store, expected, "key" + i, FILLER + n);
      }
      var asked = ((StripedKvStore<?, ?>) store).parts().maintenance().compact();
      store.close();
      assertThat(asked).isDone();
      try (KvStore<String, String> again =
          StoreDoor.open(directory, Durability.PROCESS, NO_SYNCS)) {
        assertThat(entriesOf(again)).as("close %s", n).isEqualTo(expected);
      }
    }
  }

  // ---- what the tests share

  private KvStore<String, String> open(Configuration configuration) {
    return configuration
        .strings(directory)
        .stripes(2)
        .maxSegmentBytes(SEGMENT_BYTES)
        .clock(clock)
        .open();
  }

  private static void put(
      KvStore<String, String> store, Map<String, String> expected, String key, String value) {
    store.put(key, value);
    expected.put(key, value);
  }

  /** Compacts as the store does by itself, which leaves more in place than when it is asked to. */
  private static void background(KvStore<String, String> store) throws IOException {
    OpenStore parts = ((StripedKvStore<?, ?>) store).parts();
    store.sync();
    while (parts.compaction().round(CompactionGoal.IDLE)) {}
  }

  private static Checkpointer checkpointer(KvStore<String, String> store) {
    return Objects.requireNonNull(((StripedKvStore<?, ?>) store).parts().closing().checkpointer());
  }

  private void assertSurvivesCrash(Path path, Durability durability, Map<String, String> expected)
      throws IOException {
    Path copy = directory.resolve("copy");
    StoreFiles.copy(path, copy);
    try (KvStore<String, String> store = StoreDoor.open(copy, durability, NO_SYNCS)) {
      assertThat(entriesOf(store)).as("after a crash").isEqualTo(expected);
    }
    StoreImage.of(copy).writeTo(copy);
    try (KvStore<String, String> store = StoreDoor.open(copy, durability, NO_SYNCS)) {
      assertThat(entriesOf(store)).as("without a checkpoint").isEqualTo(expected);
    }
    StoreFiles.delete(copy);
  }

  private long diskBytes(KvStore<String, String> store) {
    return store.stats().diskBytes();
  }

  private static Map<String, String> all(Iterable<Entry<String, String>> entries) {
    Map<String, String> all = new HashMap<>();
    entries.forEach(entry -> assertThat(all.put(entry.key(), entry.value())).isNull());
    return all;
  }

  private static void awaitThat(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 6_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
