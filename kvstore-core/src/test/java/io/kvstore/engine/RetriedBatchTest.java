package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.Durability;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.StoreFullException;
import io.kvstore.codec.Codecs;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.QuickDirectories;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Batches that find the store full, and are decided anew once compaction has made room: what has
 * changed in between must leave no trace in what is written. {@code -Dkvstore.test.batches} sets
 * how many are written beside a thread that changes their keys.
 */
class RetriedBatchTest {
  private static final int BATCHES = LongForm.of("kvstore.test.batches", 800, 20_000);
  private static final int MAX_BATCHES = 10_000;
  private static final int RETRIES = 6;
  private static final int OTHERS = 4;
  private static final String BIG = "-".repeat(30_000);

  /** Values that leave little room at the limit. */
  private static final int BALLAST = 20;

  private static final Duration TTL = Duration.ofSeconds(1);

  @TempDir(factory = QuickDirectories.class)
  Path directory;

  /**
   * Operations on keys that expire between the first try and the second: an upper-case letter is a
   * put, which stays, a lower-case one a delete, which is left out the second time.
   */
  private static final List<String> SHAPES = List.of("Aa", "aA", "Aab", "ABa", "AaB", "abA");

  /** A clock that jumps when the thread that made it asks for the second time. */
  private static final class JumpingClock implements InstantSource {
    private final Thread caller = Thread.currentThread();
    private volatile Instant now = Instant.ofEpochMilli(1_000_000_000_000L);
    private int questions;

    @Override
    public Instant instant() {
      if (Thread.currentThread() == caller) {
        jump();
      }
      return now;
    }

    private void jump() {
      if (questions > 0 && --questions == 0) {
        now = now.plus(TTL);
      }
    }

    /** Makes the time come, once it has been asked for so often, at which what expires is over. */
    void jumpAfter(int asked) {
      questions = asked + 1;
    }

    boolean hasJumped() {
      return questions == 0;
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(600)
  void deletesOfWhatExpiresBetweenTwoTriesLeaveNoTrace(Durability durability) throws IOException {
    for (String shape : SHAPES) {
      Path path = directory.resolve(shape + durability);
      JumpingClock clock = new JumpingClock();
      try (KvStore<String, String> store = open(path, durability, clock, false)) {
        int retries = 0;
        for (int n = 0; retries < RETRIES; n++) {
          assertThat(n).as("batches, and too few of them retried").isLessThan(MAX_BATCHES);
          retries += writesAgain(store, clock, shape) ? 1 : 0;
          if (clock.hasJumped()) {
            assertSurvivesDeath(store, path, shape);
          }
        }
      }
      StoreFiles.delete(path);
    }
  }

  /** Writes a batch and returns whether it was decided twice. */
  private static boolean writesAgain(
      KvStore<String, String> store, JumpingClock clock, String shape) {
    int deletes = 0;
    Batch<String, String> batch = store.batch();
    for (int i = 0; i < shape.length(); i++) {
      char each = shape.charAt(i);
      String key = "" + each;
      if (Character.isUpperCase(each)) {
        batch.put(key, BIG);
      } else {
        store.put(key, "soon over", TTL);
        batch.delete(key);
        deletes++;
      }
    }
    clock.jumpAfter(deletes);
    BatchResult result = store.write(batch);
    for (int i = 0; i < shape.length(); i++) {
      boolean left = clock.hasJumped() && Character.isLowerCase(shape.charAt(i));
      assertThat(result.outcomes().get(i).version() == 0).isEqualTo(left);
    }
    return clock.hasJumped();
  }

  private void assertSurvivesDeath(KvStore<String, String> store, Path path, String what)
      throws IOException {
    Map<String, Long> versions = versions(store);
    Path copy = directory.resolve("copy");
    StoreFiles.copy(path, copy);
    try (KvStore<String, String> read = openForReading(copy)) {
      assertThat(versions(read)).as("%s, read", what).isEqualTo(versions);
    }
    try (KvStore<String, String> again =
        open(copy, Durability.PROCESS, new JumpingClock(), false)) {
      assertThat(versions(again)).as(what).isEqualTo(versions);
    }
    StoreFiles.delete(copy);
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(600)
  void deletesThatAnotherThreadMakesFirstLeaveNoTrace(Durability durability) {
    try (KvStore<String, String> store = open(directory, durability, InstantSource.system(), true);
        Other other = new Other(store)) {
      for (int i = 0; i < BALLAST; i++) {
        store.put("ballast" + i, BIG);
      }
      Map<String, Long> acknowledged = new HashMap<>();
      for (int n = 0; n < BATCHES; n++) {
        String key = "A" + n % 5;
        String gone = "other" + n % OTHERS;
        try {
          store.put(gone, "there");
          other.begin();
          BatchResult result = store.write(store.batch().put(key, BIG).delete(gone));
          other.pause();
          acknowledged.put(key, result.outcomes().get(0).version());
          if (result.outcomes().get(1).version() == 0) {
            assertThere(acknowledged, n);
          }
        } catch (StoreFullException full) {
          other.pause();
        }
      }
    }
  }

  /** A thread that puts and deletes keys that batches delete, while one is written. */
  private static final class Other implements AutoCloseable {
    private final KvStore<String, String> store;
    private final Random random = new Random(1);
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition begun = lock.newCondition();
    private final CompletableFuture<Void> done;
    private boolean writing;
    private boolean ended;

    Other(KvStore<String, String> store) {
      this.store = store;
      this.done = CompletableFuture.runAsync(this::run, task -> new Thread(task).start());
    }

    void begin() {
      set(true, false);
    }

    void pause() {
      set(false, false);
    }

    @Override
    public void close() {
      set(false, true);
      done.join();
    }

    private void set(boolean writes, boolean ends) {
      lock.lock();
      try {
        writing = writes;
        ended = ends;
        begun.signal();
      } finally {
        lock.unlock();
      }
    }

    private void run() {
      while (isOn()) {
        Thread.onSpinWait();
      }
    }

    /** Changes something as soon as a batch is being written; false at the end. */
    private boolean isOn() {
      lock.lock();
      try {
        while (!writing && !ended) {
          begun.awaitUninterruptibly();
        }
        if (!ended) {
          change("other" + random.nextInt(OTHERS));
        }
        return !ended;
      } finally {
        lock.unlock();
      }
    }

    private void change(String key) {
      try {
        switch (random.nextInt(8)) {
          case 0 -> store.put(key, "there", KvStore.MIN_TTL);
          case 1 -> store.put(key, "there");
          default -> store.delete(key);
        }
      } catch (StoreFullException full) {
        // Its next change may find room.
      }
    }
  }

  private void assertThere(Map<String, Long> acknowledged, int batch) {
    try (KvStore<String, String> read = openForReading(directory)) {
      acknowledged.forEach(
          (key, version) -> {
            Entry<String, String> entry = read.entry(key);
            assertThat(entry).as("%s, batch %s", key, batch).isNotNull();
            assertThat(entry.version()).as("%s, batch %s", key, batch).isEqualTo(version);
          });
    }
  }

  private static Map<String, Long> versions(KvStore<String, String> store) {
    Map<String, Long> versions = new HashMap<>();
    for (char each = 'A'; each <= 'B'; each++) {
      Entry<String, String> entry = store.entry("" + each);
      versions.put("" + each, entry == null ? 0 : entry.version());
    }
    return versions;
  }

  /** Opens a store that compacts when it is full, and perhaps before. */
  private static KvStore<String, String> open(
      Path path, Durability durability, InstantSource clock, boolean background) {
    StoreSettings settings =
        new StoreSettings(
            path,
            durability,
            Duration.ofMillis(1),
            2,
            KvStoreBuilder.DEFAULT_MAX_VALUE_BYTES,
            KvStoreBuilder.MAX_SEGMENT_BYTES,
            false,
            clock,
            KvStoreBuilder.MIN_DISK_BYTES,
            background,
            null,
            null,
            false);
    return StoreDoor.open(settings, FaultyStorage.withoutSyncs());
  }

  private static KvStore<String, String> openForReading(Path path) {
    return KvStore.builder(Codecs.string(), Codecs.string()).directory(path).readOnly().open();
  }
}
