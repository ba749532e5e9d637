package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.StoreFullException;
import io.kvstore.codec.Codecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk with little more room than the store needs, overwritten all the time: room that the store
 * can make is made before a write is refused. {@code -Dkvstore.test.disk} names a directory on a
 * disk of 40 to 100 MB, such as a tmpfs, and {@code -Dkvstore.test.disk.seconds} is how long.
 */
@EnabledIfSystemProperty(
    named = "kvstore.test.disk",
    matches = ".+",
    disabledReason = "needs -Dkvstore.test.disk=DIRECTORY on a disk of 40 to 100 MB")
class SmallDiskTest {
  private static final int THREADS = 4;
  private static final int KEYS = 4_000;
  private static final int VALUE_BYTES = 2_000;
  private static final long SECONDS = Long.getLong("kvstore.test.disk.seconds", 60);

  private final AtomicLong puts = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong longestNanos = new AtomicLong();

  @ParameterizedTest
  @EnumSource
  void noWriteIsRefusedForWantOfRoomThatCanBeMade(Durability durability) throws Exception {
    Path disk = Path.of(System.getProperty("kvstore.test.disk"));
    Path directory = disk.resolve("store-" + durability);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (KvStore<String, byte[]> store =
        KvStore.builder(Codecs.string(), Codecs.bytes())
            .directory(directory)
            .durability(durability)
            .open()) {
      long end = System.nanoTime() + SECONDS * 1_000_000_000L;
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random dice = new Random(i);
        writers.add(threads.submit(() -> write(store, dice, end)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      System.out.printf(
          "%s: %d puts, %d refused, longest call %d ms%n",
          durability, puts.get(), refused.get(), longestNanos.get() / 1_000_000);
      assertThat(refused.get()).isZero();
      for (int i = 0; i < KEYS; i++) {
        store.put("key" + i, new byte[VALUE_BYTES]);
      }
      store.compact();
      assertThat(store.size()).isEqualTo(KEYS);
    } finally {
      threads.shutdown();
      delete(directory);
    }
  }

  private void write(KvStore<String, byte[]> store, Random dice, long end) {
    while (System.nanoTime() - end < 0) {
      long start = System.nanoTime();
      try {
        store.put("key" + dice.nextInt(KEYS), new byte[VALUE_BYTES]);
        puts.incrementAndGet();
      } catch (StoreFullException e) {
        refused.incrementAndGet();
      }
      longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
