package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.codec.Codecs;
import io.kvstore.platform.Storage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.FaultyStorage.Operation;
import io.kvstore.testing.History;
import io.kvstore.testing.Warnings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that refuses to sync: no write is taken any more, no sync retried, nothing made up. */
class SyncFailureTest {
  private static final int MANY = 60;

  @TempDir Path directory;
  private final FaultyStorage storage = FaultyStorage.create();
  private Warnings warnings;

  @BeforeEach
  void collectWarnings() {
    warnings = Warnings.collect();
  }

  @AfterEach
  void stopCollecting() {
    warnings.close();
  }

  @Test
  void failedCommitFailsAllWhoWaitAndShowsNothing() {
    KvStore<String, String> store = open(Durability.SYNC);
    store.put("a", "1");
    store.put("gone", "1");
    storage.hold(Operation.SYNC_FILE);
    CompletableFuture<Void> first = store.putAsync("a", "2");
    storage.awaitHeld();
    CompletableFuture<Void> second = store.putAsync("b", "1");
    CompletableFuture<Boolean> third = store.deleteAsync("gone");
    storage.fail(Operation.SYNC_FILE, FaultyStorage.IO_ERROR);

    storage.release();

    assertFails(first);
    assertFails(second);
    assertFails(third);
    assertRefusesWrites(store);
    assertThat(entriesOf(store)).isEqualTo(Map.of("a", "1", "gone", "1"));
    assertNoSyncIsRetried(store);
    assertThat(reopened(Durability.SYNC)).containsKeys("a").doesNotContainValue("refused");
  }

  @ParameterizedTest
  @EnumSource(names = {"PROCESS", "INTERVAL"})
  void failedSyncIsToldAndEndsAllWrites(Durability durability) {
    KvStore<String, String> store = open(durability);
    store.put("a", "1");
    storage.fail(Operation.SYNC_MAPPED, FaultyStorage.IO_ERROR);

    assertThatThrownBy(store::sync)
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(FaultyStorage.IO_ERROR)
        .hasMessageContaining(directory.toString());

    assertRefusesWrites(store);
    assertThat(entriesOf(store)).isEqualTo(Map.of("a", "1"));
    assertThatThrownBy(store::sync).isInstanceOf(KvStoreException.class);
    assertNoSyncIsRetried(store);
    assertThat(reopened(durability)).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void failedSyncOfAnIntervalEndsAllWrites() {
    storage.fail(Operation.SYNC_MAPPED, FaultyStorage.IO_ERROR);
    KvStore<String, String> store =
        StripedKvStore.open(
            Codecs.string(),
            Codecs.string(),
            StoreDoor.settings(directory, Durability.INTERVAL, 1 << 20, Duration.ofMillis(1)),
            storage);
    Throwable refusal = null;
    int puts = 0;
    while (refusal == null) {
      String key = puts == 0 ? "a" : "key" + puts;
      refusal = catchThrowable(() -> store.put(key, "value"));
      puts += refusal == null ? 1 : 0;
    }

    assertThat(refusal)
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(FaultyStorage.IO_ERROR);
    assertRefusesWrites(store);
    assertThat(entriesOf(store)).hasSize(puts);
    assertThat(storage.calls(Operation.SYNC_MAPPED)).isEqualTo(1);
    assertNoSyncIsRetried(store);
    assertThat(reopened(Durability.INTERVAL)).hasSize(puts);
  }

  @ParameterizedTest
  @EnumSource
  void failedSyncAtCloseIsToldAndGivesTheDirectoryBack(Durability durability) {
    KvStore<String, String> store = open(durability);
    store.put("a", "1");
    store.put("a", "2");
    for (Operation sync : new Operation[] {Operation.SYNC_MAPPED, Operation.SYNC_FILE}) {
      storage.fail(sync, FaultyStorage.IO_ERROR);
    }

    assertThatThrownBy(store::close)
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(FaultyStorage.IO_ERROR);
    store.close();

    assertThat(reopened(durability)).isEqualTo(Map.of("a", "2"));
  }

  /** One call of the storage fails, each in its turn: what was acknowledged is always there. */
  @ParameterizedTest
  @EnumSource
  void noCallThatFailsTakesWhatWasAcknowledged(Durability durability) {
    for (String message : new String[] {FaultyStorage.IO_ERROR, FaultyStorage.NO_SPACE}) {
      int calls = Integer.MAX_VALUE;
      for (int n = 1; n <= calls; n++) {
        Path fresh = directory.resolve(message.substring(0, 2) + n);
        FaultyStorage failing = FaultyStorage.withoutSyncs();
        failing.failCall(n, message);
        History history = new History();
        Map<String, String> unsure = new HashMap<>();

        runUntilClosed(fresh, durability, failing, new Run(history, unsure));

        calls = failing.calls() < n ? 0 : calls;
        assertAcknowledgedIsThere(fresh, durability, new Run(history, unsure));
      }
    }
  }

  /** What is known of a run: the changes that were acknowledged, and those that failed. */
  private record Run(History acknowledged, Map<String, String> unsure) {}

  private static void runUntilClosed(Path fresh, Durability durability, Storage failing, Run run) {
    try (KvStore<String, String> store = StoreDoor.open(fresh, durability, failing)) {
      for (int i = 0; i < MANY; i++) {
        String key = "key" + i % 7;
        String value = i + "x".repeat(i * 10);
        try {
          run.acknowledged().put(store, key, value);
          run.unsure().remove(key);
        } catch (KvStoreException e) {
          run.unsure().put(key, value);
        }
        Map<String, String> known =
            run.acknowledged().entriesAfter(run.acknowledged().changes().size());
        assertThat(entriesOf(store)).isEqualTo(known);
      }
    } catch (KvStoreException e) {
      assertThat(e).hasMessageContaining(fresh.toString());
    }
  }

  private static void assertAcknowledgedIsThere(Path fresh, Durability durability, Run run) {
    Map<String, String> known =
        run.acknowledged().entriesAfter(run.acknowledged().changes().size());
    try (KvStore<String, String> store =
        StoreDoor.open(fresh, durability, FaultyStorage.withoutSyncs())) {
      Map<String, String> found = entriesOf(store);
      known.forEach(
          (key, value) -> {
            if (!run.unsure().containsKey(key)) {
              assertThat(found).containsEntry(key, value);
            }
          });
      assertThat(found.keySet()).containsAll(known.keySet());
      store.put("next", "");
    }
  }

  private static void assertFails(CompletableFuture<?> future) {
    assertThatThrownBy(future::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(KvStoreException.class)
        .hasMessageContaining(FaultyStorage.IO_ERROR);
  }

  private static void assertRefusesWrites(KvStore<String, String> store) {
    assertThatThrownBy(() -> store.put("c", "refused")).isInstanceOf(KvStoreException.class);
    assertThatThrownBy(() -> store.put("a", "refused"))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("until it is opened anew");
    assertThatThrownBy(() -> store.delete("a")).isInstanceOf(KvStoreException.class);
  }

  /** The disk is good again, but what the failed sync left out may be gone all the same. */
  private void assertNoSyncIsRetried(KvStore<String, String> store) {
    int before = storage.syncs();
    storage.heal();
    assertRefusesWrites(store);
    assertThatThrownBy(store::close)
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(FaultyStorage.IO_ERROR);
    assertThat(storage.syncs()).isEqualTo(before);
  }

  private Map<String, String> reopened(Durability durability) {
    storage.heal();
    try (KvStore<String, String> store = open(durability)) {
      return entriesOf(store);
    }
  }

  private KvStore<String, String> open(Durability durability) {
    return StoreDoor.open(directory, durability, storage, 1 << 20);
  }
}
