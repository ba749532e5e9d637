package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.engine.StoreDoor;
import io.kvstore.testing.Configuration;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.ManualClock;
import io.kvstore.testing.RecordedEvents;
import io.kvstore.testing.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of {@link StoreListener}. */
@Timeout(600)
class StoreListenerTest {
  @TempDir Path directory;

  private final RecordedEvents events = new RecordedEvents();
  private final Warnings warnings = Warnings.collect();

  @AfterEach
  void stopCollecting() {
    warnings.close();
  }

  private KvStoreBuilder<String, String> builder(Configuration configuration) {
    return configuration
        .strings(directory.resolve("store"))
        .maxSegmentBytes(KvStoreBuilder.MIN_SEGMENT_BYTES)
        .listener(events.listener());
  }

  // ---- what is told

  @Test
  void openingIsToldFirst() throws IOException {
    try (KvStore<String, String> store = builder(Configuration.PROCESS).open()) {
      fill(store, 100, 1);
    }
    try (KvStore<String, String> store = builder(Configuration.PROCESS).open()) {
      assertThat(store.size()).isEqualTo(100);
    }
    Files.delete(directory.resolve("store").resolve("index"));
    builder(Configuration.PROCESS).open().close();

    List<StoreListener.Recovery> recoveries = events.of("onRecovery", StoreListener.Recovery.class);
    assertThat(events.all().get(0).name()).isEqualTo("onRecovery");
    assertThat(recoveries)
        .extracting(StoreListener.Recovery::entries)
        .containsExactly(0L, 100L, 100L);
    assertThat(recoveries)
        .extracting(StoreListener.Recovery::fromCheckpoint)
        .containsExactly(false, true, false);
    assertThat(recoveries.get(2).bytesRead()).isGreaterThan(100 * 24);
    assertThat(recoveries).allMatch(recovery -> recovery.took().toNanos() > 0);
    assertThat(recoveries).allMatch(recovery -> recovery.cutBytes() == 0);
  }

  @Test
  void storeInMemoryIsNotRecovered() {
    try (KvStore<String, String> store = builder(Configuration.IN_MEMORY).open()) {
      fill(store, 100, 1);
    }

    assertThat(events.of("onRecovery")).isEmpty();
    assertThat(events.of("onSync")).isEmpty();
    assertThat(events.of("onSegmentCreated")).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"PROCESS", "INTERVAL", "SYNC"})
  void syncsCoverEveryChangeOnce(Configuration configuration) {
    long changes;
    long bytes;
    try (KvStore<String, String> store = builder(configuration).open()) {
      fill(store, 300, 1);
      store.sync();
      changes = store.stats().sequence();
      bytes = changes * 24;
    }

    List<StoreListener.Sync> syncs = events.of("onSync", StoreListener.Sync.class);
    assertThat(syncs.stream().mapToLong(StoreListener.Sync::changes).sum()).isEqualTo(changes);
    assertThat(syncs.stream().mapToLong(StoreListener.Sync::bytes).sum()).isGreaterThan(bytes);
    assertThat(syncs).allMatch(sync -> sync.took().toNanos() > 0);
  }

  @ParameterizedTest
  @EnumSource
  void segmentsAreBegunAndSealedInOrder(Configuration configuration) {
    try (KvStore<String, String> store = builder(configuration).open()) {
      fill(store, 1_000, 1);
    }

    List<Long> created = events.of("onSegmentCreated", Long.class);
    List<Long> sealed = events.of("onSegmentSealed", Long.class);
    assertThat(created).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(4);
    assertThat(sealed).isEqualTo(created.subList(0, created.size() - 1));
    assertThat(events.of("onSegmentSealed"))
        .allMatch(event -> (long) event.arguments().get(1) <= KvStoreBuilder.MIN_SEGMENT_BYTES);
  }

  @ParameterizedTest
  @EnumSource
  void roundsOfCompactionAreWhatTheStatsCount(Configuration configuration) {
    StoreStats stats;
    try (KvStore<String, String> store = builder(configuration).open()) {
      fill(store, 200, 20);
      store.compact();
      stats = store.stats();
    }

    List<StoreListener.Compaction> rounds =
        events.of("onCompaction", StoreListener.Compaction.class);
    assertThat(rounds).isNotEmpty().hasSizeGreaterThanOrEqualTo((int) stats.compaction().rounds());
    assertThat(rounds.stream().mapToLong(StoreListener.Compaction::bytesAfter).sum())
        .isGreaterThanOrEqualTo(stats.compaction().writtenBytes());
    assertThat(rounds)
        .allMatch(
            round ->
                round.bytesAfter() < round.bytesBefore()
                    || round.segmentsAfter() < round.segmentsBefore());
  }

  @Test
  void sweepsAreCounted() {
    ManualClock clock = new ManualClock();
    try (KvStore<String, String> store = builder(Configuration.PROCESS).clock(clock).open()) {
      store.put("stays", "1");
      store.put("a", "1", Duration.ofSeconds(1));
      store.put("b", "1", Duration.ofSeconds(1));
      clock.pass(Duration.ofSeconds(2));
      store.compact();
      store.compact();

      assertThat(store.stats().operations().swept()).isEqualTo(2);
      assertThat(store.stats().operations().deletes()).isZero();
    }

    assertThat(events.of("onSweep", Long.class).stream().mapToLong(count -> count).sum())
        .isEqualTo(2);
  }

  @Test
  void growingIndexIsToldWithItsSize() {
    StoreStats stats;
    try (KvStore<String, String> store = builder(Configuration.IN_MEMORY).stripes(1).open()) {
      fill(store, 1_000, 1);
      stats = store.stats();
    }

    List<StoreListener.IndexGrowth> growths =
        events.of("onIndexGrowth", StoreListener.IndexGrowth.class);
    assertThat(growths).hasSizeGreaterThan(3);
    assertThat(growths).extracting(StoreListener.IndexGrowth::slots).isSorted();
    assertThat(growths.get(growths.size() - 1).slots()).isEqualTo(stats.index().slots());
    assertThat(growths).allMatch(growth -> growth.entries() < growth.slots());
  }

  @Test
  void checkpointIsToldWithTheBytesOfItsFile() throws IOException {
    try (KvStore<String, String> store = builder(Configuration.PROCESS).open()) {
      fill(store, 100, 1);
    }

    long bytes = Files.size(directory.resolve("store").resolve("index"));
    assertThat(events.of("onCheckpoint", Long.class)).containsExactly(bytes);
  }

  // ---- failures

  @ParameterizedTest
  @EnumSource
  void failureOfTheLogIsToldOnce(Durability durability) throws Exception {
    FaultyStorage storage = FaultyStorage.withoutSyncs();
    Path path = directory.resolve("store");
    KvStore<String, String> store = StoreDoor.open(path, durability, storage, events.listener());
    store.put("a", "1");
    storage.fail(FaultyStorage.Operation.SYNC_FILE, FaultyStorage.IO_ERROR);
    storage.fail(FaultyStorage.Operation.SYNC_MAPPED, FaultyStorage.IO_ERROR);

    assertThatThrownBy(
            () -> {
              store.put("a", "2");
              store.sync();
            })
        .isInstanceOf(KvStoreException.class);
    assertThatThrownBy(() -> store.put("a", "3")).isInstanceOf(KvStoreException.class);
    assertThatThrownBy(store::close).isInstanceOf(KvStoreException.class);

    assertThat(events.of("onWriteFailure", KvStoreException.class))
        .singleElement()
        .satisfies(cause -> assertThat(cause).hasMessageContaining(FaultyStorage.IO_ERROR));
  }

  @Test
  void failingCompactionIsToldWithItsPause() throws Exception {
    FaultyStorage storage = FaultyStorage.withoutSyncs();
    Path path = directory.resolve("store");
    try (KvStore<String, String> store =
        StoreDoor.open(path, Durability.PROCESS, storage, events.listener())) {
      storage.hold(FaultyStorage.Operation.SYNC_MAPPED); // so that nothing can be compacted yet
      fill(store, 200, 20);
      storage.fail(FaultyStorage.Operation.WRITE, FaultyStorage.IO_ERROR);
      storage.release();

      Duration pause = events.await("onCompactionFailure", 1).get(0).as(Duration.class);
      assertThat(pause).isPositive();
      assertThatThrownBy(store::compact).isInstanceOf(KvStoreException.class);
      storage.heal();
    }

    assertThat(events.of("onCompactionFailure", Duration.class)).contains(Duration.ZERO);
    assertThat(events.of("onCompactionFailure", Throwable.class))
        .allMatch(cause -> String.valueOf(cause.getMessage()).contains(FaultyStorage.IO_ERROR));
  }

  // ---- what a listener can't do

  @ParameterizedTest
  @EnumSource
  void listenerThatThrowsEverywhereChangesNothingAndIsLoggedOnce(Configuration configuration) {
    RecordedEvents throwing =
        new RecordedEvents(
            () -> {
              throw new AssertionError("made up");
            });
    try (KvStore<String, String> store =
        builder(configuration).listener(throwing.listener()).open()) {
      checkThatItWorks(store);
    }

    assertThat(throwing.all()).hasSizeGreaterThan(5);
    if (configuration.isDurable()) {
      assertThat(warnings.take(directory)).singleElement().asString().contains("listener");
    }
  }

  @ParameterizedTest
  @EnumSource
  void listenerThatBlocksStopsNobody(Configuration configuration) throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    RecordedEvents blocked = new RecordedEvents(() -> awaitQuietly(goOn));
    try (KvStore<String, String> store =
        builder(configuration).listener(blocked.listener()).open()) {
      store.put("first", "event");
      store.delete("first");
      blocked.await(configuration.isDurable() ? "onRecovery" : "onSegmentCreated", 1);

      checkThatItWorks(store);

      assertThat(blocked.all()).hasSize(1);
      goOn.countDown();
    }
    assertThat(blocked.of("onCompaction")).as("close waits for it").isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void listenerMayCallTheStoreWhateverHappens(Configuration configuration) {
    AtomicReference<KvStore<String, String>> called = new AtomicReference<>();
    AtomicReference<Throwable> failed = new AtomicReference<>();
    CountDownLatch opened = new CountDownLatch(1);
    RecordedEvents calling =
        new RecordedEvents(
            () -> {
              awaitQuietly(opened);
              try {
                assertThat(called.get().stats().sequence()).isNotNegative();
                called.get().put("from", "the listener");
              } catch (ClosedStoreException e) {
                // being closed
              } catch (Throwable e) {
                failed.set(e);
              }
            });
    try (KvStore<String, String> store =
        builder(configuration).listener(calling.listener()).open()) {
      called.set(store);
      opened.countDown();
      fill(store, 200, 10);
      store.compact();
    }

    assertThat(failed.get()).isNull();
    assertThat(calling.all())
        .extracting(RecordedEvents.Event::thread)
        .containsOnly(calling.all().get(0).thread());
    assertThat(calling.all().get(0).thread().getName()).startsWith("kvstore-events");
  }

  @Test
  void listenerMayCloseTheStore() throws Exception {
    AtomicReference<KvStore<String, String>> closed = new AtomicReference<>();
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    RecordedEvents closing =
        new RecordedEvents(
            () -> {
              awaitQuietly(opened);
              closed.get().close();
              done.countDown();
            });
    closed.set(builder(Configuration.PROCESS).listener(closing.listener()).open());

    opened.countDown();
    done.await();

    assertThatThrownBy(() -> closed.get().get("a")).isInstanceOf(ClosedStoreException.class);
  }

  @Test
  void nothingIsToldOnceTheStoreIsClosed() {
    try (KvStore<String, String> store = builder(Configuration.SYNC).open()) {
      fill(store, 50, 1);
    }
    int told = events.all().size();

    assertThat(events.all().get(0).thread().isAlive()).isFalse();
    assertThat(events.all()).hasSize(told);
  }

  @Test
  void everyMethodDoesNothingByDefault() {
    StoreListener nothing = new StoreListener() {};
    try (KvStore<String, String> store = builder(Configuration.PROCESS).listener(nothing).open()) {
      checkThatItWorks(store);
    }
    nothing.onBrake(true);
    nothing.onMissedEvents(1);
    nothing.onCompactionFailure(new IOException(), Duration.ZERO);
    nothing.onWriteFailure(new KvStoreException("made up"));
  }

  private static void checkThatItWorks(KvStore<String, String> store) {
    fill(store, 200, 10);
    store.sync();
    store.compact();
    assertThat(store.size()).isEqualTo(200);
    assertThat(store.getAll(List.of("key7", "key8")))
        .isEqualTo(Map.of("key7", "value9", "key8", "value9"));
  }

  private static void fill(KvStore<String, String> store, int keys, int times) {
    for (int time = 0; time < times; time++) {
      for (int i = 0; i < keys; i++) {
        store.putAsync("key" + i, "value" + time);
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
