package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.index.IndexCheckpoint;
import io.kvstore.maintenance.Checkpointer;
import io.kvstore.platform.Storage;
import io.kvstore.recovery.CheckpointPosition;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.StoreFiles;
import io.kvstore.testing.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A crash after a checkpoint that was written while others wrote: nothing differs from a scan. */
class CheckpointerTest {
  private static final int THREADS = 3;
  private static final int KEYS = 150;

  @TempDir Path directory;

  private final Map<String, String> model = new HashMap<>();

  @ParameterizedTest
  @EnumSource
  void openingFromARunningCheckpointIsAsFromAScan(Durability durability) throws Exception {
    long seed = LongForm.seed("kvstore.test.seed");
    Path path = directory.resolve("store");
    int crashes = 5;
    int changes = durability == Durability.SYNC ? 120 : 2_000;
    for (int crash = 0; crash < crashes; crash++) {
      KvStore<String, String> store = StoreDoor.open(path, durability, Storage.FILES);
      long checkpoints = writeBesideCheckpoints(store, seed + crash, changes);
      assertThat(checkpoints).isPositive();
      Path copy = directory.resolve("crashed" + crash);
      StoreFiles.copy(path, copy);
      store.close();
      checkAsFromAScan(copy, durability, "seed " + seed + ", crash " + crash);
      StoreFiles.delete(path);
      path = copy;
    }
  }

  private long writeBesideCheckpoints(KvStore<String, String> store, long seed, int changes)
      throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Checkpointer checkpointer =
        Objects.requireNonNull(((StripedKvStore<?, ?>) store).parts().closing().checkpointer());
    long before = checkpointer.written();
    try (Threads checkpoints = new Threads();
        Threads writers = new Threads(() -> done.set(true))) {
      checkpoints.run(
          () -> {
            do {
              checkpointer.run();
            } while (!done.get());
          });
      for (int i = 0; i < THREADS; i++) {
        int writer = i;
        writers.run(() -> write(store, writer, new Random(seed * THREADS + writer), changes));
      }
      writers.join();
      done.set(true);
      checkpoints.join();
    }
    return checkpointer.written() - before;
  }

  private void write(KvStore<String, String> store, int writer, Random random, int changes) {
    for (int i = 0; i < changes; i++) {
      String key = writer + "." + random.nextInt(KEYS);
      if (random.nextInt(4) == 0) {
        store.delete(key);
        forget(key);
      } else {
        String value = "-".repeat(random.nextInt(100)) + random.nextInt();
        store.put(key, value);
        remember(key, value);
      }
    }
  }

  private synchronized void remember(String key, String value) {
    model.put(key, value);
  }

  private synchronized void forget(String key) {
    model.remove(key);
  }

  private void checkAsFromAScan(Path crashed, Durability durability, String what)
      throws IOException {
    Path scanned = directory.resolve("scanned");
    StoreFiles.copy(crashed, scanned);
    Files.delete(scanned.resolve(IndexCheckpoint.FILE));
    try (KvStore<String, String> fromIndex = StoreDoor.open(crashed, durability, Storage.FILES);
        KvStore<String, String> fromLog = StoreDoor.open(scanned, durability, Storage.FILES)) {
      assertThat(entriesOf(fromIndex)).as(what).isEqualTo(model);
      assertThat(entriesOf(fromLog)).as(what).isEqualTo(model);
      // Segment by segment: what is live and stale in each, and where each ends.
      assertThat(positionOf(fromIndex)).as(what).isEqualTo(positionOf(fromLog));
    }
    StoreFiles.delete(scanned);
  }

  private static CheckpointPosition positionOf(KvStore<String, String> store) {
    return CheckpointPosition.endOf(((StripedKvStore<?, ?>) store).parts().log());
  }

  private static Map<String, String> entriesOf(KvStore<String, String> store) {
    Map<String, String> all = new HashMap<>();
    for (Entry<String, String> entry : store) {
      all.put(entry.key(), entry.value());
    }
    return all;
  }
}
