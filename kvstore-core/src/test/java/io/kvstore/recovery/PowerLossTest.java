package io.kvstore.recovery;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.engine.StoreDoor;
import io.kvstore.segment.Segment;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.FaultyStorage.Operation;
import io.kvstore.testing.History;
import io.kvstore.testing.LogLayout;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.StoreImage;
import io.kvstore.testing.Warnings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A power cut, as a disk shows it: each page that was written since the last sync is there or not,
 * in any combination. What is recovered is always a beginning of the history, and no shorter than
 * what was synced. {@code -Dkvstore.test.rounds} sets how often, {@code -Dkvstore.test.seed} where
 * the dice start.
 */
class PowerLossTest {
  private static final int ROUNDS = LongForm.of("kvstore.test.rounds", 120, 2_000);
  private static final long SEED = LongForm.seed("kvstore.test.seed");
  private static final int PAGE_BYTES = 4096;
  private static final int SEGMENT_BYTES = 32 << 10;
  private static final int CHANGES = 1500;

  @TempDir Path directory;
  private final FaultyStorage storage = FaultyStorage.withoutSyncs();
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
  @EnumSource(names = {"PROCESS", "INTERVAL"})
  void lostPagesLeaveABeginningOfTheHistory(Durability durability) {
    StoreImage synced;
    StoreImage written;
    int safe = CHANGES / 4;
    try (KvStore<String, String> store = open(directory.resolve("store"), durability)) {
      write(store, safe);
      store.sync();
      synced = StoreImage.of(directory.resolve("store"));
      storage.hold(Operation.SYNC_MAPPED);
      write(store, CHANGES - safe);
      written = StoreImage.of(directory.resolve("store"));
      storage.release();
    }
    assertThat(LogLayout.of(written).changes()).isEqualTo(history.changes());

    for (int round = 0; round < ROUNDS; round++) {
      check(durability, lose(synced, written, round), safe);
    }
  }

  @Test
  @Timeout(600)
  void lostPagesOfAGroupLeaveABeginningOfTheHistory() {
    StoreImage synced;
    StoreImage written;
    // So large that no next one is asked for, whose sync would be held as well.
    KvStore<String, String> store =
        StoreDoor.open(directory.resolve("store"), Durability.SYNC, storage, 16 * SEGMENT_BYTES);
    write(store, 50);
    storage.hold(Operation.SYNC_FILE);
    CompletableFuture<Void> first = store.putAsync("first of a group", "alone");
    history.add(new History.Change("first of a group", "alone"));
    storage.awaitHeld();
    for (int i = 0; i < 100; i++) {
      History.Change change = change(i);
      store.putAsync(change.key(), change.value());
      history.add(change);
      List<History.Change> batch = List.of(change(i), change(i), change(i));
      store.writeAsync(History.batchOf(store, batch));
      batch.forEach(history::add);
    }
    synced = StoreImage.of(directory.resolve("store"));
    storage.releaseOne();
    first.join();
    storage.awaitHeld();
    written = StoreImage.of(directory.resolve("store"));
    assertThat(store.get("first of a group")).isEqualTo("alone");
    storage.release();
    store.close();
    assertThat(LogLayout.of(written).changes()).isEqualTo(history.changes());

    for (int round = 0; round < ROUNDS; round++) {
      check(Durability.SYNC, lose(synced, written, round), 51);
    }
  }

  private void write(KvStore<String, String> store, int changes) {
    for (int i = 0; i < changes; i++) {
      History.Change change = change(i);
      if (i % 9 == 8) {
        int size = Math.min(2 + random.nextInt(30), changes - i);
        history.write(store, Stream.generate(() -> change(random.nextInt())).limit(size).toList());
        i += size - 1;
      } else if (i % 5 == 4 && store.containsKey(change.key())) {
        history.delete(store, change.key());
      } else {
        history.put(store, change.key(), change.value());
      }
    }
  }

  private History.Change change(int i) {
    String filler = (i % 3 == 0 ? "\0" : "v").repeat(random.nextInt(300));
    return new History.Change("key" + random.nextInt(60), i + filler);
  }

  /** Gives every page the content of the last sync or of later; new files may be short. */
  private StoreImage lose(StoreImage synced, StoreImage written, int round) {
    StoreImage lossy = written;
    int losses = 1 + round % 10;
    for (String file : written.segments()) {
      byte[] now = written.bytes(file);
      byte[] then = Arrays.copyOf(now, Segment.HEADER_BYTES);
      if (synced.has(file)) {
        then = synced.bytes(file);
      }
      byte[] mixed = now.clone();
      boolean whole = random.nextInt(12) == 0;
      for (int at = 0; at < now.length; at += PAGE_BYTES) {
        if (whole || random.nextInt(40) < losses) {
          byte[] page = Arrays.copyOfRange(then, Math.min(at, then.length), at + PAGE_BYTES);
          // A file that is just being created has no whole page yet.
          System.arraycopy(page, 0, mixed, at, Math.min(PAGE_BYTES, now.length - at));
        }
      }
      if (!synced.has(file) && random.nextInt(8) == 0) {
        int length = Math.min(Segment.HEADER_BYTES, now.length);
        length += random.nextInt(now.length - length + 1);
        mixed = Arrays.copyOf(mixed, length);
      }
      lossy = lossy.with(file, mixed);
    }
    return lossy;
  }

  private void check(Durability durability, StoreImage lossy, int safe) {
    Path copy = directory.resolve("copy");
    lossy.writeTo(copy);
    int survived = survivors(lossy);
    String what = "seed " + SEED + ", " + survived + " changes survive";
    assertThat(survived).as(what).isGreaterThanOrEqualTo(safe);

    try (KvStore<String, String> store = open(copy, durability)) {
      assertThat(entriesOf(store)).as(what).isEqualTo(history.entriesAfter(survived));
      assertThat(store.stats().sequence()).as(what).isEqualTo(survived);
      List<String> messages = warnings.take(copy);
      assertThat(messages).as(what).hasSize(store.stats().cutBytes() > 0 ? 1 : 0);
      store.put("next", "change");
    }

    try (KvStore<String, String> store = open(copy, durability)) {
      assertThat(store.stats().cutBytes()).as(what).isZero();
      assertThat(store.stats().sequence()).as(what).isEqualTo(survived + 1);
      assertThat(store.get("next")).isEqualTo("change");
    }
  }

  /** Returns how many changes are whole, from the first on: those before the first gap. */
  private static int survivors(StoreImage lossy) {
    int survivors = 0;
    for (String file : lossy.segments()) {
      List<LogLayout.Found> records = LogLayout.of(lossy).records(file);
      survivors += (int) records.stream().filter(r -> r.type() <= LogLayout.TOMBSTONE).count();
      if (records.isEmpty() || records.get(records.size() - 1).type() != LogLayout.SEAL) {
        break;
      }
    }
    return survivors;
  }

  private KvStore<String, String> open(Path where, Durability durability) {
    return StoreDoor.open(where, durability, storage, SEGMENT_BYTES);
  }
}
