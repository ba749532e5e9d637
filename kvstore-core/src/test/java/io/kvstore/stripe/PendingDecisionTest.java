package io.kvstore.stripe;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.engine.StoreDoor;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.FaultyStorage.Operation;
import io.kvstore.testing.Threads;
import io.kvstore.testing.Warnings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mode SYNC: a decision based on a change that waits for its sync waits for it too. */
class PendingDecisionTest {
  @TempDir Path directory;
  private final FaultyStorage storage = FaultyStorage.create();
  private Warnings warnings;
  private KvStore<String, String> store;

  @BeforeEach
  void openAndHold() {
    warnings = Warnings.collect();
    store = StoreDoor.open(directory, Durability.SYNC, storage, 1 << 20);
    store.put("gone", "1");
    store.put("kept", "1");
    storage.hold(Operation.SYNC_FILE);
    store.putAsync("a", "pending");
    storage.awaitHeld();
    store.deleteAsync("gone");
  }

  @AfterEach
  void stopCollecting() {
    warnings.close();
  }

  @Test
  void batchBuildsOnPendingChangesAndShowsNothingBeforeTheyAreSafe() {
    Batch<String, String> onPending = store.batch().requirePresent("a").requireAbsent("gone");
    CompletableFuture<BatchResult> applied =
        store.writeAsync(onPending.put("a", "2").put("b", "2").delete("kept"));
    CompletableFuture<BatchResult> refused =
        store.writeAsync(store.batch().requireAbsent("b").put("c", "2"));

    assertThat(applied).isNotDone();
    assertThat(refused).isNotDone();
    assertThat(entriesOf(store)).isEqualTo(Map.of("gone", "1", "kept", "1"));
    storage.release();

    assertThat(applied.join().outcomes())
        .extracting(BatchResult.Outcome::existed)
        .containsExactly(true, false, true);
    assertThat(refused.join()).isEqualTo(BatchResult.refused(0));
    assertThat(entriesOf(store)).isEqualTo(Map.of("a", "2", "b", "2"));
    store.close();
  }

  @Test
  void answersRestOnPendingChanges() throws Exception {
    try (Threads threads = new Threads()) {
      Future<String> put = threads.start(() -> store.putIfAbsent("a", "2"));
      Future<Boolean> replaced = threads.start(() -> store.replace("a", "no", "2"));
      Future<String> restored = threads.start(() -> store.putIfAbsent("gone", "2"));
      Future<String> computed = threads.start(() -> store.compute("kept", (k, v) -> v + "+"));
      assertThat(store.get("a")).isNull();
      assertThat(List.of(put.isDone(), replaced.isDone(), restored.isDone(), computed.isDone()))
          .containsOnly(false);
      storage.release();
      threads.join();

      assertThat(put.get()).isEqualTo("pending");
      assertThat(replaced.get()).isFalse();
      assertThat(restored.get()).isNull();
      assertThat(computed.get()).isEqualTo("1+");
      assertThat(entriesOf(store)).isEqualTo(Map.of("a", "pending", "gone", "2", "kept", "1+"));
    }
    store.close();
  }

  /** No call may answer by a change that the failed sync may have lost. */
  @Test
  void answersThatRestOnAChangeWhoseSyncFailsFail() {
    CompletableFuture<BatchResult> batch =
        store.writeAsync(store.batch().put("b", "2").put("kept", "2"));
    CompletableFuture<BatchResult> refused = store.writeAsync(store.batch().requireAbsent("a"));
    CompletableFuture<BatchResult> nothing = store.writeAsync(store.batch().delete("gone"));
    storage.fail(Operation.SYNC_FILE, FaultyStorage.IO_ERROR);
    storage.release();

    for (CompletableFuture<?> future : List.of(batch, refused, nothing)) {
      assertThatThrownBy(future::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(KvStoreException.class);
    }
    List<Callable<?>> calls =
        List.of(
            () -> store.putIfAbsent("a", "2"),
            () -> store.replace("a", "no", "2"),
            () -> store.replaceVersion("a", 1, "2"),
            () -> store.delete("a", "no"),
            () -> store.deleteVersion("gone", 1),
            () -> store.getAndDelete("gone"),
            () -> store.compute("gone", (key, value) -> value),
            () -> store.persist("a"),
            () -> store.touch("gone", KvStore.MAX_TTL),
            () -> store.write(store.batch().requirePresent("gone")),
            () -> store.syncAsync().join());
    for (Callable<?> call : calls) {
      assertThatThrownBy(call::call)
          .isInstanceOfAny(KvStoreException.class, CompletionException.class);
    }
    assertThat(entriesOf(store)).isEqualTo(Map.of("gone", "1", "kept", "1"));
    assertThatThrownBy(store::close).isInstanceOf(KvStoreException.class);
  }
}
