package io.kvstore.compaction;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.StoreVerifier;
import io.kvstore.engine.StoreDoor;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.History;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.PowerCutStorage;
import io.kvstore.testing.PowerCutStorage.Moment;
import io.kvstore.testing.StoreImage;
import io.kvstore.testing.Warnings;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A power cut at each operation of a compaction round, and of the opening after it: unsynced pages,
 * renames, creations and deletes are lost in any combination. The recovered store is a prefix of
 * the history, and has everything that was synced before. {@code -Dkvstore.test.cuts} sets the
 * number of cuts at each operation, {@code -Dkvstore.test.seed} the random seed.
 */
@Timeout(600)
class CompactionPowerLossTest {
  private static final int CUTS = LongForm.of("kvstore.test.cuts", 1, 20);
  private static final long SEED = LongForm.seed("kvstore.test.seed");
  private static final int ROUNDS = LongForm.of(2, 3);
  private static final int KEYS = 60;

  @TempDir Path directory;
  private final History history = new History();
  private final Random random = new Random(SEED);
  private Warnings warnings;

  @BeforeEach
  void collectWarnings() {
    warnings = Warnings.collect();
  }

  @AfterEach
  void stopCollecting() {
    warnings.close();
  }

  @ParameterizedTest
  @EnumSource
  void powerCutInARoundLosesNothingThatWasSynced(Durability durability) {
    Path where = directory.resolve("store");
    AtomicReference<KvStore<String, String>> open = new AtomicReference<>();
    PowerCutStorage storage = new PowerCutStorage(where, () -> change(open.get(), 12));
    try (KvStore<String, String> store = StoreDoor.open(where, durability, storage)) {
      open.set(store);
      for (int round = 0; round < ROUNDS; round++) {
        change(store, 200);
        store.sync();
        int safe = history.changes().size();
        storage.start();
        store.compact();
        List<Moment> moments = storage.stop();

        assertThat(moments).hasSizeGreaterThan(8);
        for (Moment moment : moments) {
          for (int i = 0; i < CUTS; i++) {
            check(durability, moment.cut(random), safe);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PROCESS", "SYNC"})
  void powerCutAfterTheNextOpeningLosesNothingEither(Durability durability) {
    Path where = directory.resolve("store");
    PowerCutStorage storage = new PowerCutStorage(where, () -> {});
    List<Moment> moments;
    int safe;
    try (KvStore<String, String> store = StoreDoor.open(where, durability, storage)) {
      change(store, 300);
      store.sync();
      safe = history.changes().size();
      storage.start();
      store.compact();
      moments = storage.stop();
    }
    Path killed = directory.resolve("killed");
    for (Moment moment : moments) {
      PowerCutStorage next = new PowerCutStorage(killed, () -> {});
      moment.now().writeTo(killed);
      next.start(moment);
      try (KvStore<String, String> store = StoreDoor.open(killed, durability, next)) {
        assertThat(store.stats().sequence()).isGreaterThanOrEqualTo(safe);
        for (Moment later : next.stop()) {
          for (int i = 0; i < CUTS; i++) {
            check(durability, later.cut(random), safe);
          }
        }
      }
    }
  }

  private void check(Durability durability, StoreImage left, int safe) {
    Path copy = directory.resolve("copy");
    left.writeTo(copy);
    String what = "seed " + SEED + ", files " + left.names();
    assertThat(StoreVerifier.verify(copy, null).damage()).as(what).isEmpty();
    FaultyStorage plain = FaultyStorage.withoutSyncs();
    try (KvStore<String, String> store = StoreDoor.open(copy, durability, plain)) {
      long survived = store.stats().sequence();
      assertThat(survived).as(what).isGreaterThanOrEqualTo(safe);
      assertThat(entriesOf(store)).as(what).isEqualTo(history.entriesAfter(survived));
    } catch (RuntimeException e) {
      throw new AssertionError(what, e);
    }
  }

  private void change(KvStore<String, String> store, int changes) {
    for (int i = 0; i < changes; i++) {
      String key = "key" + random.nextInt(KEYS);
      if (random.nextInt(3) == 0 && store.containsKey(key)) {
        history.delete(store, key);
      } else {
        history.put(store, key, i + "v".repeat(random.nextInt(150)));
      }
    }
  }
}
