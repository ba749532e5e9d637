package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import io.kvstore.testing.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The counters of {@link StoreStats}, on each configuration. */
class StoreStatsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void readsOfOneKeyAreHitsOrMisses(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).ordered().open()) {
      store.put("a", "1");

      store.get("a");
      store.view("a");
      store.entry("a");
      store.remaining("a");
      store.containsKey("a");
      store.getAll(List.of("a", "b", "c"));
      store.get("d");
      store.scan(KeyRange.all()).forEach(entry -> {});
      store.first(KeyRange.all());
      store.putIfAbsent("a", "2");

      StoreStats.Operations operations = store.stats().operations();
      assertThat(operations.hits()).isEqualTo(6);
      assertThat(operations.misses()).isEqualTo(3);
      assertThat(operations.gets()).isEqualTo(9);
    }
  }

  @ParameterizedTest
  @EnumSource
  void getsOfManyThreadsAreCountedExactly(Configuration configuration) throws Exception {
    try (KvStore<String, String> store = configuration.strings(directory).open();
        Threads threads = new Threads()) {
      store.put("a", "1");
      for (int thread = 0; thread < 4; thread++) {
        threads.run(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                store.get(i % 4 == 0 ? "b" : "a");
              }
            });
      }
      threads.join();

      assertThat(store.stats().operations().hits()).isEqualTo(60_000);
      assertThat(store.stats().operations().misses()).isEqualTo(20_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesAreCountedWhicheverMethodMakesThem(Configuration configuration) {
    try (KvStore<String, Long> store =
        configuration.builder(directory, Codecs.string(), Codecs.longs()).open()) {
      store.put("a", 1L);
      store.putAsync("b", 2L).join();
      store.put("c", 3L, Duration.ofDays(1));
      store.putIfAbsent("d", 4L);
      store.getAndPut("d", 5L);
      store.replace("d", 5L, 6L);
      store.increment("d", 1);
      store.compute("d", (key, value) -> 8L);
      store.touch("d", Duration.ofDays(1));
      store.persist("d");
      store.delete("a");
      store.delete("missing");
      store.getAndDelete("b");
      store.getAndDelete("missing");
      store.compute("c", (key, value) -> null);
      store.write(store.batch().put("e", 1L).put("f", 2L).delete("d").delete("missing"));

      StoreStats.Operations operations = store.stats().operations();
      assertThat(operations.puts()).isEqualTo(12);
      assertThat(operations.deletes()).isEqualTo(4);
      assertThat(operations.puts() + operations.deletes()).isEqualTo(store.stats().sequence());
      assertThat(operations.batches()).isEqualTo(1);
      assertThat(operations.refusals()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesThatAreNotMadeAreRefusals(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");

      store.putIfAbsent("a", "2");
      store.replace("a", "0", "2");
      store.replaceVersion("a", 17, "2");
      store.delete("a", "0");
      store.deleteVersion("a", 17);
      store.write(store.batch().requireAbsent("a").put("b", "2"));

      StoreStats.Operations operations = store.stats().operations();
      assertThat(operations.refusals()).isEqualTo(6);
      assertThat(operations.puts()).isEqualTo(1);
      assertThat(operations.deletes()).isZero();
      assertThat(operations.batches()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void syncsAreTimed(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      for (int i = 0; i < 3; i++) {
        store.put("a", "1");
        store.sync();
      }

      StoreStats.Syncs syncs = store.stats().syncs();
      if (configuration.isDurable()) {
        assertThat(syncs.count()).isGreaterThanOrEqualTo(3);
        assertThat(syncs.longest()).isPositive().isLessThan(syncs.total());
        assertThat(syncs.total()).isLessThanOrEqualTo(syncs.longest().multipliedBy(syncs.count()));
      } else {
        assertThat(syncs).isEqualTo(new StoreStats.Syncs(0, Duration.ZERO, Duration.ZERO));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void indexTellsItsSizeAndItsLoad(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).stripes(2).open()) {
      for (int i = 0; i < 1_000; i++) {
        store.putAsync("key" + i, "");
      }
      store.sync();

      StoreStats stats = store.stats();
      assertThat(stats.index().heapBytes()).isEqualTo(8 * stats.index().slots());
      assertThat(stats.indexLoad()).isEqualTo(1_000.0 / stats.index().slots());
      assertThat(stats.indexLoad()).isBetween(0.2, 0.7);
    }
  }

  @ParameterizedTest
  @EnumSource
  void compactionCountsInTheAmplification(Configuration configuration) {
    try (KvStore<String, String> store =
        configuration.strings(directory).maxSegmentBytes(4096).open()) {
      assertThat(store.stats().writeAmplification()).isEqualTo(1);
      assertThat(store.stats().staleRatio()).isZero();
      for (int i = 0; i < 5_000; i++) {
        store.putAsync("key" + i % 300, "value" + i);
      }
      store.compact();

      StoreStats stats = store.stats();
      assertThat(stats.compaction().rounds()).isPositive();
      assertThat(stats.writeAmplification())
          .isGreaterThan(1)
          .isCloseTo(
              (double) (stats.appendedBytes() + stats.compaction().writtenBytes())
                  / stats.appendedBytes(),
              within(1e-9));
      assertThat(stats.staleRatio())
          .isEqualTo((double) stats.staleBytes() / (stats.liveBytes() + stats.staleBytes()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void snapshotsTellWhatTheyHold(Configuration configuration) {
    try (KvStore<String, String> store =
        configuration.strings(directory).maxSegmentBytes(4096).open()) {
      for (int i = 0; i < 500; i++) {
        store.put("key" + i, "1");
      }
      try (Snapshot<String, String> first = store.snapshot();
          Snapshot<String, String> second = store.snapshot()) {
        for (int i = 0; i < 400; i++) {
          store.put("key" + i, "2");
        }
        store.compact();

        StoreStats.Snapshots held = store.stats().snapshots();
        assertThat(first.get("key0")).isEqualTo(second.get("key0")).isEqualTo("1");
        assertThat(held.open()).isEqualTo(2);
        assertThat(held.historyEntries()).isEqualTo(400);
        assertThat(held.retiredSegments()).isPositive();
        assertThat(held.retiredBytes()).isPositive();
        if (configuration.isDurable()) {
          assertThat(store.stats().compaction().unreleasedBytes())
              .isGreaterThanOrEqualTo(held.retiredBytes());
        }
      }

      assertThat(store.stats().snapshots()).isEqualTo(new StoreStats.Snapshots(0, 0, 0, 0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsKeptForSnapshotsThatAreClosedGoesWhileAnOlderOneIsOpen(Configuration configuration) {
    int keys = 10;
    int snapshots = 300;
    try (KvStore<String, String> store =
        configuration.strings(directory).maxSegmentBytes(4096).open()) {
      put(store, keys, "first");
      try (Snapshot<String, String> oldest = store.snapshot()) {
        for (int i = 0; i < snapshots; i++) {
          put(store, keys, "of " + i);
          try (Snapshot<String, String> newer = store.snapshot()) {
            put(store, keys, "newer than " + i);
            assertThat(newer.get("key0")).isEqualTo("of " + i);
          }
          store.compact();
          oldest.forEach(entry -> assertThat(entry.value()).isEqualTo("first"));
        }

        assertThat(store.stats().snapshots().historyEntries())
            .isBetween((long) keys, snapshots / 3L * keys);
      }

      assertThat(store.stats().snapshots()).isEqualTo(new StoreStats.Snapshots(0, 0, 0, 0));
    }
  }

  private static void put(KvStore<String, String> store, int keys, String value) {
    for (int i = 0; i < keys; i++) {
      store.put("key" + i, value);
    }
  }

  @ParameterizedTest
  @EnumSource
  void watchesAreCountedWhileTheyAreOpen(Configuration configuration) {
    ChangeListener<String, String> nothing =
        new ChangeListener<>() {
          @Override
          public void onPut(Entry<String, String> entry) {}

          @Override
          public void onDelete(String key, long version) {}

          @Override
          public void onGap(long from, long to) {}
        };
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      try (Watch first = store.watch(nothing);
          Watch second = store.watch(nothing)) {
        assertThat(first.version()).isEqualTo(second.version());
        assertThat(store.stats().watches()).isEqualTo(2);
      }

      assertThat(store.stats().watches()).isZero();
    }
  }
}
