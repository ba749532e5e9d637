package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.FaultyStorage.Operation;
import io.kvstore.testing.History;
import io.kvstore.testing.StoreImage;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk without room for the next segment, in every durability. */
class DiskFullTest {
  private static final String LARGE = "x".repeat(1500);
  private static final String SECOND = "0000000002.segment";
  private static final long[] ROOM = {0, 10, 32, 33, 2000, 4095};

  @TempDir Path directory;
  private final FaultyStorage storage = FaultyStorage.create();
  private final History history = new History();

  @ParameterizedTest
  @EnumSource
  void putWithoutRoomFailsAndHarmsNothing(Durability durability) {
    try (KvStore<String, String> store = open(durability)) {
      fillFirstSegment(store);

      for (long room : ROOM) {
        storage.limitNewFiles(room);
        assertThatThrownBy(() -> store.put("a", LARGE))
            .isInstanceOf(StoreFullException.class)
            .hasMessageContaining("the disk is full")
            .hasMessageContaining(directory.resolve(SECOND).toString());
        assertThatThrownBy(() -> store.put("new", LARGE)).isInstanceOf(StoreFullException.class);
        assertThat(StoreImage.of(directory).segments()).as("no stray file").hasSize(1);
        assertThat(entriesOf(store)).isEqualTo(entries());
        history.put(store, "small" + room, "fits");
      }
      history.delete(store, "small0");
      store.sync();
      assertThat(entriesOf(store)).isEqualTo(entries());
    }

    assertReopens(durability);
  }

  @ParameterizedTest
  @EnumSource
  void writesWorkAgainWhenThereIsRoom(Durability durability) {
    try (KvStore<String, String> store = open(durability)) {
      fillFirstSegment(store);
      storage.limitNewFiles(100);
      assertThatThrownBy(() -> store.put("a", LARGE)).isInstanceOf(StoreFullException.class);

      storage.heal();
      history.put(store, "a", LARGE);
      history.put(store, "b", LARGE);
      history.put(store, "c", LARGE);

      assertThat(StoreImage.of(directory).segments()).hasSizeGreaterThan(1);
      assertThat(entriesOf(store)).isEqualTo(entries());
    }

    assertReopens(durability);
  }

  @ParameterizedTest
  @EnumSource
  void anotherReasonIsNotTakenForAFullDisk(Durability durability) {
    try (KvStore<String, String> store = open(durability)) {
      fillFirstSegment(store);
      for (Operation operation : Operation.values()) {
        if (operation == Operation.SYNC_MAPPED) {
          continue; // creating a segment needs none
        }
        storage.fail(operation, FaultyStorage.IO_ERROR);
        assertThatThrownBy(() -> store.put("a", LARGE))
            .isExactlyInstanceOf(KvStoreException.class)
            .hasMessageContaining(FaultyStorage.IO_ERROR)
            .hasMessageContaining(directory.resolve(SECOND).toString());
        assertThat(StoreImage.of(directory).segments()).as("no stray file").hasSize(1);
        assertThat(entriesOf(store)).isEqualTo(entries());
        storage.heal();
      }
      history.put(store, "a", LARGE);
    }

    assertReopens(durability);
  }

  @ParameterizedTest
  @EnumSource
  void storeWithoutRoomForItsFirstSegmentIsEmptyAndRecovers(Durability durability) {
    storage.limitNewFiles(1000);
    try (KvStore<String, String> store = open(durability)) {
      assertThatThrownBy(() -> store.put("a", "1")).isInstanceOf(StoreFullException.class);
      assertThat(store.size()).isZero();
      store.sync();

      storage.heal();
      history.put(store, "a", "2");
    }

    assertReopens(durability);
  }

  @ParameterizedTest
  @EnumSource
  void closeWithoutRoomLosesNothing(Durability durability) {
    try (KvStore<String, String> store = open(durability)) {
      fillFirstSegment(store);
      storage.limitNewFiles(0);
      assertThatThrownBy(() -> store.put("a", LARGE)).isInstanceOf(StoreFullException.class);
    }

    assertReopens(durability);
  }

  /** Leaves room for small records; the next segment has been asked for and could not be made. */
  private void fillFirstSegment(KvStore<String, String> store) {
    history.put(store, "a", "1");
    history.put(store, "b", LARGE);
    storage.limitNewFiles(0);
    history.put(store, "c", LARGE);
  }

  private Map<String, String> entries() {
    return history.entriesAfter(history.changes().size());
  }

  private KvStore<String, String> open(Durability durability) {
    return StoreDoor.open(directory, durability, storage);
  }

  private void assertReopens(Durability durability) {
    storage.heal();
    try (KvStore<String, String> store = open(durability)) {
      assertThat(entriesOf(store)).isEqualTo(entries());
      assertThat(store.stats().cutBytes()).isZero();
    }
  }
}
