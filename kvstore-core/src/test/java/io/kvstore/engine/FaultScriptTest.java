package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.Durability;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.Snapshot;
import io.kvstore.codec.Codecs;
import io.kvstore.platform.Storage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A script of every kind of change, compaction, checkpoint and sweep, once for each call that it
 * makes of the storage, which fails: what was acknowledged is there afterwards.
 */
@Timeout(300)
class FaultScriptTest {
  private static final int ROUNDS = 2;
  private static final String FILLER = "f".repeat(700);
  private static final String REFUSAL = "takes no more writes until it is opened anew";

  @TempDir Path directory;

  private ManualClock clock = new ManualClock();
  private final Map<String, String> known = new HashMap<>();

  /** Keys of changes that failed: any of them may be there or not, and what it was before. */
  private final Map<String, Set<@Nullable String>> unsure = new HashMap<>();

  private boolean isOver;
  private int refusedCompactions;

  @ParameterizedTest
  @EnumSource
  void noCallThatFailsTakesWhatWasAcknowledged(Durability durability) {
    int calls = Integer.MAX_VALUE;
    int ends = 0;
    for (int n = 1; n <= calls; n++) {
      Path path = directory.resolve("at" + n);
      FaultyStorage storage = FaultyStorage.withoutSyncs();
      storage.failCall(n, FaultyStorage.IO_ERROR);
      known.clear();
      unsure.clear();
      isOver = false;
      clock = new ManualClock();

      run(path, durability, storage, "call " + n);

      ends += isOver ? 1 : 0;
      calls = storage.calls() < n ? 0 : calls;
      checkReopened(path, durability, "call " + n);
    }
    assertThat(ends).as("failures that were final").isPositive();
    assertThat(refusedCompactions).as("compactions that failed").isPositive();
  }

  private void run(Path path, Durability durability, FaultyStorage storage, String what) {
    try (KvStore<String, String> store = open(path, durability, storage)) {
      for (int round = 0; round < ROUNDS; round++) {
        script(store, round);
        assertThat(all(store)).as(what).isEqualTo(known);
      }
    } catch (KvStoreException e) {
      assertThat(e).as(what).hasMessageContaining(path.toString());
    }
  }

  private void script(KvStore<String, String> store, int round) {
    try (Snapshot<String, String> snapshot = store.snapshot()) {
      Map<String, String> then = Map.copyOf(known);
      for (int i = 0; i < 4; i++) {
        String key = "put" + i;
        String value = FILLER + round + i;
        change(store, Map.of(key, value), Set.of(), () -> store.put(key, value));
      }
      change(
          store,
          Map.of("batch1", "b" + round, "batch2", FILLER + round),
          Set.of("put0"),
          () ->
              store.write(
                  store
                      .batch()
                      .put("batch1", "b" + round)
                      .put("batch2", FILLER + round)
                      .delete("put0")));
      Duration ttl = Duration.ofSeconds(1);
      change(store, Map.of("expires", FILLER), Set.of(), () -> store.put("expires", FILLER, ttl));
      if (known.containsKey("put1")) {
        change(store, Map.of(), Set.of("put1"), () -> store.delete("put1"));
      }
      if (!store.containsKey("absent" + round)) {
        change(
            store,
            Map.of("absent" + round, "1"),
            Set.of(),
            () -> store.putIfAbsent("absent" + round, "1"));
      }
      if (round % 2 == 1) {
        Objects.requireNonNull(((StripedKvStore<?, ?>) store).parts().closing().checkpointer())
            .run();
      }
      compact(store);
      assertThat(all(snapshot)).isEqualTo(then);
    }
    clock.pass(Duration.ofSeconds(2));
    known.remove("expires");
    unsure.remove("expires");
    compact(store);
    compact(store);
  }

  private void compact(KvStore<String, String> store) {
    try {
      store.compact();
      // Once nothing more is swept, as many are counted as are shown.
      assertThat(isOver || store.size() == known.size()).isTrue();
    } catch (KvStoreException e) {
      refusedCompactions++;
      isOver |= !isWritable(store);
    }
  }

  private boolean isWritable(KvStore<String, String> store) {
    try {
      store.put("probe", "1");
      known.put("probe", "1");
      return true;
    } catch (KvStoreException e) {
      unsure("probe", "1");
      return isOverNow(store, e);
    }
  }

  /** One call fails, so that a second write works, or none does any more and says why. */
  private boolean isOverNow(KvStore<String, String> store, KvStoreException first) {
    assertThat(first).hasMessageContaining(FaultyStorage.IO_ERROR);
    try {
      store.put("probe", "1");
      known.put("probe", "1");
      return true;
    } catch (KvStoreException e) {
      assertThat(e).hasMessageContaining(REFUSAL).hasMessageContaining(FaultyStorage.IO_ERROR);
      assertThatThrownBy(() -> store.getAndPut("a", "b")).hasMessageContaining(REFUSAL);
      assertThatThrownBy(() -> store.write(store.batch().put("a", "b")))
          .hasMessageContaining(REFUSAL);
      return false;
    }
  }

  private void change(
      KvStore<String, String> store, Map<String, String> puts, Set<String> deletes, Runnable call) {
    try {
      call.run();
      assertThat(isOver).as("acknowledged after a failed sync").isFalse();
      known.putAll(puts);
      known.keySet().removeAll(deletes);
    } catch (KvStoreException e) {
      puts.forEach(this::unsure);
      deletes.forEach(key -> unsure(key, null));
      if (!isOver) {
        isOver = !isOverNow(store, e);
      }
    }
  }

  /** What has expired and can't be swept any more is counted, and not shown. */
  private static Map<String, String> all(Iterable<Entry<String, String>> entries) {
    Map<String, String> all = new HashMap<>();
    entries.forEach(entry -> all.put(entry.key(), entry.value()));
    return all;
  }

  private void unsure(String key, @Nullable String value) {
    unsure.computeIfAbsent(key, k -> new HashSet<>()).add(value);
  }

  private void checkReopened(Path path, Durability durability, String what) {
    for (int time = 0; time < 2; time++) {
      try (KvStore<String, String> store = open(path, durability, Storage.FILES)) {
        Map<String, String> found = all(store);
        Set<String> keys = new HashSet<>(known.keySet());
        keys.addAll(found.keySet());
        for (String key : keys) {
          if (!Objects.equals(found.get(key), known.get(key))) {
            assertThat(unsure).as("%s: %s", what, key).containsKey(key);
            assertThat(unsure.get(key)).as("%s: %s", what, key).contains(found.get(key));
          }
        }
        store.compact();
        assertThat(entriesOf(store)).as(what).isEqualTo(found);
        store.put("probe", "1");
        known.put("probe", "1");
        unsure.remove("probe");
      }
    }
  }

  private KvStore<String, String> open(Path path, Durability durability, Storage storage) {
    StoreSettings from = StoreDoor.settings(path, durability, 4096, Duration.ofDays(1));
    StoreSettings settings =
        new StoreSettings(
            path,
            durability,
            from.syncInterval(),
            2,
            from.maxValueBytes(),
            from.maxSegmentBytes(),
            true,
            clock,
            Long.MAX_VALUE,
            false,
            null,
            null,
            false);
    return StripedKvStore.open(Codecs.string(), Codecs.string(), settings, storage);
  }
}
