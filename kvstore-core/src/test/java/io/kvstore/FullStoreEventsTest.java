package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.QuickDirectories;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The events by which an observer learns that a store is full, and that it has room again. */
class FullStoreEventsTest {
  private static final long SECONDS = 60;

  @TempDir(factory = QuickDirectories.class)
  Path directory;

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  private KvStore<String, byte[]> open(Durability durability) {
    return KvStore.builder(Codecs.string(), Codecs.bytes())
        .directory(directory)
        .durability(durability)
        .maxDiskBytes(KvStoreBuilder.MIN_DISK_BYTES)
        .listener(
            new StoreListener() {
              @Override
              public void onFull(StoreFullException cause) {
                events.add("full: " + cause.getMessage());
              }

              @Override
              public void onRoom() {
                events.add("room");
              }
            })
        .open();
  }

  /** Puts until the store is full, and some more; returns the number of stored entries. */
  private static int fill(KvStore<String, byte[]> store) {
    int stored = 0;
    int rejected = 0;
    for (int i = 0; rejected < 3; i++) {
      String key = "k" + i;
      if (catchThrowable(() -> store.put(key, new byte[50_000])) instanceof StoreFullException) {
        rejected++;
      } else {
        stored++;
      }
    }
    return stored;
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void fullStoreIsReportedOnceAndItsRoomWithoutAnyFurtherWrite(Durability durability)
      throws Exception {
    try (KvStore<String, byte[]> store = open(durability)) {
      for (int time = 0; time < 2; time++) {
        int stored = fill(store);
        assertThat(events.poll(SECONDS, TimeUnit.SECONDS))
            .startsWith("full: ")
            .contains("maxDiskBytes");

        for (int i = 0; i < stored + 3; i++) {
          store.delete("k" + i);
        }

        assertThat(events.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("room");
        assertThat(events).isEmpty();
        store.put("k", new byte[50_000]);
      }
    }
  }

  @Test
  void storeThatMakesRoomIsNotFull() {
    try (KvStore<String, byte[]> store = open(Durability.INTERVAL)) {
      for (int i = 0; i < 2_000; i++) {
        store.put("k" + i % 5, new byte[50_000]);
      }
    }
    assertThat(events).isEmpty();
  }
}
