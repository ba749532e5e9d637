package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.BatchResult;
import io.kvstore.Durability;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.Snapshot;
import io.kvstore.index.IndexCheckpoint;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.QuickDirectories;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stores that have all they can have: what needs no room works, what needs some is refused by a
 * sentence that names the limit, and what was written is opened.
 */
@Timeout(600)
class RoomLimitTest {
  private static final int CHURN = LongForm.of(60, 150);

  @TempDir(factory = QuickDirectories.class)
  Path directory;

  static Stream<Arguments> all() {
    return Stream.of(RoomLimit.values())
        .flatMap(l -> Stream.of(Durability.values()).map(d -> Arguments.of(l, d)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void readsWorkAtTheLimit(RoomLimit limit, Durability durability) {
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store = limit.open(path(), durability)) {
      limit.fill(store, expected, "key");

      assertThat(entriesOf(store)).isEqualTo(expected);
      try (Snapshot<String, String> snapshot = store.snapshot()) {
        expected.forEach((key, value) -> assertThat(snapshot.get(key)).isEqualTo(value));
        assertThat(snapshot).hasSize(expected.size());
      }
      store.sync();
      store.backup(directory.resolve("backup"));
    }
    try (KvStore<String, String> backup =
        limit.open(directory.resolve("backup"), durability, false, true)) {
      assertThat(entriesOf(backup)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void overwritesWorkAtTheLimitUnlessItIsOfBytes(RoomLimit limit, Durability durability) {
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store = limit.open(path(), durability)) {
      int count = limit.fill(store, expected, "key");

      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < count; i++) {
          boolean fits = limit.puts(store, expected, "key" + i);
          assertThat(fits || limit.isOfBytes()).isTrue();
        }
      }
      if (!limit.isOfBytes()) {
        overwriteAtOnce(store, expected);
      }
      assertThat(entriesOf(store)).isEqualTo(expected);
    }
  }

  /** Overwrites everything with no wait in between, and in one batch. */
  private static void overwriteAtOnce(KvStore<String, String> store, Map<String, String> expected) {
    List<CompletableFuture<Void>> puts = new ArrayList<>();
    for (String key : expected.keySet()) {
      puts.add(store.putAsync(key, "at once"));
    }
    puts.forEach(CompletableFuture::join);
    var batch = store.batch();
    for (String key : expected.keySet()) {
      batch.put(key, "in a batch");
    }
    assertThat(store.write(batch).applied()).isTrue();
    expected.replaceAll((key, value) -> "in a batch");
  }

  @ParameterizedTest
  @MethodSource("all")
  void deletesWorkAtTheLimitAndMakeRoom(RoomLimit limit, Durability durability) {
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store = limit.open(path(), durability)) {
      int count = limit.fill(store, expected, "key");

      for (int i = 0; i < count / 3; i++) {
        assertThat(store.delete("key" + i)).isTrue();
        expected.remove("key" + i);
      }
      store.compact();
      assertThat(limit.puts(store, expected, "there is room")).isTrue();
      limit.fill(store, expected, "more");
      for (String key : List.copyOf(expected.keySet())) {
        BatchResult deleted = store.write(store.batch().delete(key));
        assertThat(deleted.outcomes().get(0).existed()).isTrue();
      }
      assertThat(store.size()).isZero();
      store.compact();
      expected.clear();
      assertThat(limit.fill(store, expected, "anew")).isGreaterThanOrEqualTo(count * 3 / 4);
      assertThat(entriesOf(store)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void compactionWorksAtTheLimit(RoomLimit limit, Durability durability) {
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store = limit.open(path(), durability)) {
      limit.fill(store, expected, "key");

      store.compact();
      StoreDoor.checkpoint(store);
      assertThat(entriesOf(store)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void storeAtTheLimitIsOpened(RoomLimit limit, Durability durability) throws IOException {
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store = limit.open(path(), durability)) {
      limit.fill(store, expected, "key");
      churn(limit, store, expected);
      limit.fill(store, expected, "more");
      Path crashed = directory.resolve("crashed");
      StoreFiles.copy(path(), crashed);
      assertOpens(limit, crashed, new HashMap<>(expected));
    }
    assertOpens(limit, path(), expected);
  }

  /** Replaces keys by others, so that the log has changes of many more than there is room for. */
  private static void churn(
      RoomLimit limit, KvStore<String, String> store, Map<String, String> expected) {
    for (int i = 0; i < CHURN; i++) {
      String gone = expected.keySet().iterator().next();
      assertThat(store.delete(gone)).isTrue();
      expected.remove(gone);
      boolean fits = limit.puts(store, expected, "churn" + i);
      assertThat(fits || limit.isOfBytes()).isTrue();
    }
  }

  /** Opens a directory in every way, first with its index if it has one, and then without. */
  private static void assertOpens(RoomLimit limit, Path opened, Map<String, String> expected)
      throws IOException {
    for (boolean indexed : new boolean[] {true, false}) {
      for (Durability durability : Durability.values()) {
        if (!indexed) {
          Files.deleteIfExists(opened.resolve(IndexCheckpoint.FILE));
        }
        try (KvStore<String, String> read = limit.open(opened, durability, false, true)) {
          assertThat(entriesOf(read)).isEqualTo(expected);
        }
        boolean ordered = durability == Durability.INTERVAL;
        try (KvStore<String, String> store = limit.open(opened, durability, ordered, false)) {
          assertThat(entriesOf(store)).isEqualTo(expected);
          String gone = expected.keySet().iterator().next();
          assertThat(store.delete(gone)).isTrue();
          expected.remove(gone);
          for (Entry<String, String> entry : store) {
            boolean fits = limit.puts(store, expected, entry.key());
            assertThat(fits || limit.isOfBytes()).isTrue();
          }
        }
      }
    }
  }

  private Path path() {
    return directory.resolve("store");
  }
}
