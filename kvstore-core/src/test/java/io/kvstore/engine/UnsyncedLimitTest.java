package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.platform.Storage;
import io.kvstore.testing.QuickDirectories;
import io.kvstore.testing.StoreFiles;
import io.kvstore.testing.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As many bytes as may wait for the sync under way: then writers wait, and nobody else. */
@Timeout(600)
class UnsyncedLimitTest {
  private static final int RECORD_BYTES = 100_000;
  private static final int WRITERS = 3;
  private static final int PUTS = 60;

  /** The method in which writers wait for the sync under way. */
  private static final String WAITING = "awaitRoom";

  @TempDir(factory = QuickDirectories.class)
  Path directory;

  /** Holds the syncs of groups back, and no others. */
  private static final class HeldCommits implements Storage {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
      Storage.FILES.write(file, bytes, at);
    }

    @Override
    public void sync(FileChannel file) {
      if (Thread.currentThread().getName().startsWith("kvstore-commit ")) {
        begun.countDown();
        try {
          released.await();
        } catch (InterruptedException e) {
          throw new AssertionError("nobody interrupts this thread", e);
        }
      }
    }

    @Override
    public void sync(MappedByteBuffer mapped, int from, int length) {}

    @Override
    public void syncDirectory(Path synced) {}
  }

  @Test
  void writersWaitWhileTooMuchIsUnsynced() throws Exception {
    HeldCommits storage = new HeldCommits();
    Path path = directory.resolve("store");
    String value = "v".repeat(RECORD_BYTES);
    AtomicInteger made = new AtomicInteger();
    try (KvStore<String, String> store =
            StoreDoor.open(path, Durability.SYNC, storage, KvStoreBuilder.MAX_SEGMENT_BYTES);
        Threads threads = new Threads(storage.released::countDown)) {
      var first = store.putAsync("first", "alone in its group");
      storage.begun.await();
      Thread[] writers = new Thread[WRITERS];
      CountDownLatch started = new CountDownLatch(WRITERS);
      for (int w = 0; w < WRITERS; w++) {
        int writer = w;
        threads.run(
            () -> {
              writers[writer] = Thread.currentThread();
              started.countDown();
              for (int i = 0; i < PUTS; i++) {
                store.putAsync("key " + writer + " " + i, value);
                made.getAndIncrement();
              }
            });
      }
      started.await();
      awaitNoRoom(writers);

      int most = KvStoreBuilder.MAX_UNSYNCED_BYTES / RECORD_BYTES + WRITERS;
      assertThat(made.get()).isBetween(most - 2 * WRITERS, most);
      assertThat(store.get("first")).isNull();
      assertThat(store.size()).isZero();
      store.snapshot().close();
      Path copy = directory.resolve("copy");
      StoreFiles.copy(path, copy);
      storage.released.countDown();
      threads.join();
      first.join();
      store.sync();

      assertThat(store.size()).isEqualTo(WRITERS * PUTS + 1);
      try (KvStore<String, String> crashed = StoreDoor.open(copy, Durability.SYNC, Storage.FILES)) {
        crashed.forEach(entry -> assertThat(entry.value()).isEqualTo(store.get(entry.key())));
      }
    }
    try (KvStore<String, String> again = StoreDoor.open(path, Durability.SYNC, Storage.FILES)) {
      assertThat(again.size()).isEqualTo(WRITERS * PUTS + 1);
    }
  }

  /** Waits until all threads wait for room; none goes on then before a sync has ended. */
  private static void awaitNoRoom(Thread[] threads) {
    for (Thread thread : threads) {
      while (!waitsForRoom(thread)) {
        Thread.onSpinWait();
      }
    }
  }

  private static boolean waitsForRoom(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING
        && Arrays.stream(thread.getStackTrace()).anyMatch(f -> f.getMethodName().equals(WAITING));
  }
}
