package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.Durability;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.StoreStats;
import io.kvstore.codec.Codecs;
import io.kvstore.platform.Storage;
import io.kvstore.segment.SegmentTable;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.ManualClock;
import io.kvstore.testing.StoreFiles;
import io.kvstore.testing.StoreImage;
import io.kvstore.testing.Threads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compaction, asked for, of stores with the smallest segments. */
@Timeout(600)
class CompactionTest {
  private static final int KEYS = 200;
  private static final long MAX_WAIT_NANOS = 30_000_000_000L;
  private static final Storage NO_SYNCS = FaultyStorage.withoutSyncs();

  /** Whose threads do a round's work, while another may be making the store's next segment. */
  private static final Set<String> ROUND = Set.of("compact", "sync", "commit");

  @TempDir Path directory;

  private final Map<String, String> expected = new HashMap<>();
  private final Random random = new Random(7);

  @ParameterizedTest
  @EnumSource
  void everyEntryStaysWithItsVersion(Durability durability) {
    Path store = directory.resolve("store");
    try (KvStore<String, String> kv = StoreDoor.open(store, durability, NO_SYNCS)) {
      change(kv, 5_000);
      Map<String, Long> versions = versions(kv);

      kv.compact();

      assertThat(kv.stats().compaction().rounds()).isPositive();
      assertThat(versions(kv)).isEqualTo(versions);
      assertThat(entriesOf(kv)).isEqualTo(expected);
      change(kv, 500);
      assertThat(entriesOf(kv)).isEqualTo(expected);
    }
    reopenBothWays(store, durability);
  }

  @ParameterizedTest
  @EnumSource
  void diskComesDownToWhatIsLive(Durability durability) {
    try (KvStore<String, String> kv =
        StoreDoor.open(directory.resolve("store"), durability, NO_SYNCS)) {
      change(kv, 5_000);
      long before = kv.stats().diskBytes();

      kv.compact();

      StoreStats stats = kv.stats();
      assertThat(before).isGreaterThan(4 * stats.diskBytes());
      assertThat(stats.diskBytes()).isLessThan(stats.liveBytes() * 13 / 10 + 3 * 4096);
      awaitFilesOf(kv, directory.resolve("store"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void emptiedStoreShrinksToNothing(Durability durability) {
    Path store = directory.resolve("store");
    try (KvStore<String, String> kv = StoreDoor.open(store, durability, NO_SYNCS)) {
      change(kv, 3_000);
      long sequence = kv.stats().sequence();
      for (String key : Map.copyOf(expected).keySet()) {
        kv.delete(key);
        expected.remove(key);
        sequence++;
      }

      kv.compact();
      kv.compact();

      assertThat(kv.stats().tombstoneBytes()).isZero();
      assertThat(kv.stats().staleBytes()).isZero();
      assertThat(kv.stats().diskBytes()).isLessThanOrEqualTo(2 * 4096);
      assertThat(kv.stats().sequence()).isEqualTo(sequence);
    }
    reopenBothWays(store, durability);
    try (KvStore<String, String> kv = StoreDoor.open(store, durability, NO_SYNCS)) {
      long sequence = kv.stats().sequence();
      kv.put("new", "value");
      assertThat(kv.stats().sequence()).as("no number is given twice").isEqualTo(sequence + 1);
      assertThat(sequence).isGreaterThan(2_000);
    }
  }

  @Test
  void storeInMemoryIsCompactedToo() {
    try (KvStore<String, String> kv =
        KvStore.builder(Codecs.string(), Codecs.string()).maxSegmentBytes(4096).open()) {
      change(kv, 20_000);
      kv.compact();

      assertThat(entriesOf(kv)).isEqualTo(expected);
      assertThat(kv.stats().diskBytes()).isLessThan(kv.stats().liveBytes() * 13 / 10 + 3 * 4096);
    }
  }

  @Test
  void tombstoneStaysWhileAnOlderPutIsInAnotherSegment() throws IOException {
    Path store = directory.resolve("store");
    try (KvStore<String, String> kv = StoreDoor.open(store, Durability.PROCESS, NO_SYNCS)) {
      for (int round = 0; round < 40; round++) {
        change(kv, 150);
        if (round % 3 == 0) {
          kv.compact();
        }
        Path copy = directory.resolve("copy" + round);
        StoreFiles.copy(store, copy);
        StoreImage.of(copy).writeTo(copy); // without an index
        try (KvStore<String, String> crashed = StoreDoor.open(copy, Durability.PROCESS, NO_SYNCS)) {
          assertThat(entriesOf(crashed)).as("round %s", round).isEqualTo(expected);
        }
      }
    }
    reopenBothWays(store, Durability.PROCESS);
  }

  @ParameterizedTest
  @EnumSource
  void whatWasMovedStillExpires(Durability durability) {
    ManualClock clock = new ManualClock();
    StoreSettings settings =
        new StoreSettings(
            directory.resolve("store"),
            durability,
            Duration.ofDays(1),
            4,
            1 << 20,
            KvStoreBuilder.MIN_SEGMENT_BYTES,
            false,
            clock,
            Long.MAX_VALUE,
            false,
            null,
            null,
            false);
    try (KvStore<String, String> kv =
        StripedKvStore.open(Codecs.string(), Codecs.string(), settings, NO_SYNCS)) {
      for (int i = 0; i < 200; i++) {
        kv.put("key" + i % 10, "value " + i, Duration.ofMinutes(1));
      }
      kv.compact();
      assertThat(kv.stats().compaction().rounds()).isPositive();
      clock.pass(Duration.ofMinutes(2));

      kv.compact();

      assertThat(kv.stats().liveBytes()).isZero();
    }
  }

  // ---- crashes and failures

  @ParameterizedTest
  @EnumSource
  void crashAtAnyMomentOfARoundLosesAndResurrectsNothing(Durability durability) throws IOException {
    Path store = directory.resolve("store");
    Copying copying = new Copying(store, directory.resolve("crash"));
    try (KvStore<String, String> kv = StoreDoor.open(store, durability, copying)) {
      for (int round = 0; round < 4; round++) {
        change(kv, 600);
        copying.on = true;
        kv.compact();
        copying.on = false;
        checkCopies(copying, durability);
      }
    }
    assertThat(copying.count).isGreaterThan(20);
  }

  private void checkCopies(Copying copying, Durability durability) throws IOException {
    for (; copying.checked < copying.count; copying.checked++) {
      Path copy = copying.to.resolve("at" + copying.checked);
      try (KvStore<String, String> crashed = StoreDoor.open(copy, durability, NO_SYNCS)) {
        assertThat(entriesOf(crashed)).as("crash %s", copying.checked).isEqualTo(expected);
        crashed.compact();
        assertThat(entriesOf(crashed)).as("crash %s", copying.checked).isEqualTo(expected);
      }
      try (KvStore<String, String> again = StoreDoor.open(copy, durability, NO_SYNCS)) {
        assertThat(entriesOf(again)).as("crash %s", copying.checked).isEqualTo(expected);
        awaitFilesOf(again, copy);
      }
      StoreFiles.delete(copy);
    }
  }

  @ParameterizedTest
  @EnumSource
  void failureAtAnyMomentOfARoundChangesNothing(Durability durability) {
    FaultyStorage storage = FaultyStorage.withoutSyncs();
    int failures = 0;
    for (int call = 1; call < 40; call++) {
      Path store = directory.resolve("store" + call);
      expected.clear();
      try (KvStore<String, String> kv = StoreDoor.open(store, durability, storage)) {
        change(kv, 300);
        kv.sync();
        storage.failCall(ROUND, call, FaultyStorage.IO_ERROR);
        boolean failed = false;
        try {
          kv.compact();
        } catch (KvStoreException e) {
          failed = true;
          failures++;
        }
        storage.heal();
        assertThat(entriesOf(kv)).as("call %s", call).isEqualTo(expected);
        if (failed && isWritable(kv)) {
          change(kv, 50);
          kv.compact();
          assertThat(entriesOf(kv)).as("call %s", call).isEqualTo(expected);
          assertThat(kv.stats().liveBytes()).isEqualTo(liveBytes());
          awaitFilesOf(kv, store);
        }
      } catch (KvStoreException e) {
        // A failed sync of the log is final, and told again when the store is closed.
        storage.heal();
      }
      reopenBothWays(store, durability);
    }
    assertThat(failures).isGreaterThan(8);
  }

  private boolean isWritable(KvStore<String, String> kv) {
    try {
      kv.put("probe", "1");
      expected.put("probe", "1");
      return true;
    } catch (KvStoreException e) {
      return false;
    }
  }

  @Test
  void closedStoreRefuses() {
    KvStore<String, String> kv =
        StoreDoor.open(directory.resolve("store"), Durability.PROCESS, NO_SYNCS);
    kv.close();

    assertThatThrownBy(kv::compact).isInstanceOf(KvStoreException.class);
  }

  // ---- side by side

  @ParameterizedTest
  @EnumSource(names = {"PROCESS", "SYNC"})
  void readersAndWritersGoOnWhilePlacesAreUsedAgain(Durability durability) throws Exception {
    Path store = directory.resolve("store");
    FaultyStorage storage = FaultyStorage.withoutSyncs();
    int rounds = durability == Durability.SYNC ? 60 : 200;
    try (KvStore<String, String> kv =
        StoreDoor.open(store, durability, storage, new SegmentTable(200))) {
      for (int i = 0; i < KEYS; i++) {
        kv.put("key" + i, "key" + i + ":0");
      }
      AtomicBoolean writing = new AtomicBoolean(true);
      try (Threads threads = new Threads(() -> writing.set(false))) {
        var writer =
            threads.start(
                () -> {
                  for (int n = 1; n <= rounds; n++) {
                    for (int i = 0; i < KEYS; i++) {
                      kv.put("key" + i, "key" + i + ":" + n);
                      if (i % 10 == 0) {
                        kv.put("comes" + i, "comes" + i + ":" + n);
                        kv.delete("comes" + i);
                      }
                    }
                    kv.compact();
                  }
                  writing.set(false);
                  return null;
                });
        for (int t = 0; t < 2; t++) {
          threads.run(() -> read(kv, writing));
        }
        threads.run(
            () -> {
              while (writing.get()) {
                int found = 0;
                for (Entry<String, String> entry : kv) {
                  assertThat(entry.value()).startsWith(entry.key() + ":");
                  found += entry.key().startsWith("key") ? 1 : 0;
                }
                assertThat(found).isEqualTo(KEYS);
              }
            });
        writer.get();
        threads.join();
      }
      assertThat(kv.stats().compaction().rounds()).isGreaterThan(rounds / 2);
      for (int i = 0; i < KEYS; i++) {
        expected.put("key" + i, "key" + i + ":" + rounds);
      }
      assertThat(entriesOf(kv)).isEqualTo(expected);
      assertThat(kv.stats().liveBytes()).isEqualTo(liveBytes());
    }
    reopenBothWays(store, durability);
  }

  private static void read(KvStore<String, String> kv, AtomicBoolean writing) {
    long[] last = new long[KEYS];
    Random dice = new Random();
    while (writing.get()) {
      int i = dice.nextInt(KEYS);
      String value = kv.get("key" + i);
      assertThat(value).startsWith("key" + i + ":");
      long n = Long.parseLong(value.substring(value.indexOf(':') + 1));
      assertThat(n).as("no older value comes back").isGreaterThanOrEqualTo(last[i]);
      last[i] = n;
    }
  }

  // ---- what the tests share

  private void change(KvStore<String, String> kv, int changes) {
    for (int i = 0; i < changes; i++) {
      String key = "key" + random.nextInt(KEYS);
      if (random.nextInt(3) == 0) {
        assertThat(kv.delete(key)).isEqualTo(expected.remove(key) != null);
      } else {
        String value = i + "v".repeat(random.nextInt(random.nextInt(50) == 0 ? 6000 : 90));
        kv.put(key, value);
        expected.put(key, value);
      }
    }
  }

  private static Map<String, Long> versions(KvStore<String, String> kv) {
    Map<String, Long> versions = new HashMap<>();
    kv.forEach(entry -> versions.put(entry.key(), entry.version()));
    return versions;
  }

  /** Opens with the index that the last close has left, and then by reading the log. */
  private void reopenBothWays(Path store, Durability durability) {
    try (KvStore<String, String> kv = StoreDoor.open(store, durability, NO_SYNCS)) {
      assertThat(entriesOf(kv)).isEqualTo(expected);
      assertThat(kv.stats().liveBytes()).isEqualTo(liveBytes());
    }
    StoreImage.of(store).writeTo(store);
    try (KvStore<String, String> kv = StoreDoor.open(store, durability, NO_SYNCS)) {
      assertThat(entriesOf(kv)).isEqualTo(expected);
      assertThat(kv.stats().liveBytes()).isEqualTo(liveBytes());
    }
  }

  private long liveBytes() {
    return expected.entrySet().stream()
        .mapToLong(e -> (27L + e.getKey().length() + e.getValue().length()) / 8 * 8)
        .sum();
  }

  /**
   * Waits until the files are as long as the figures say, as they are for good unless one was left
   * or lost: a segment that is being made counts whole before it is.
   */
  private static void awaitFilesOf(KvStore<String, String> kv, Path store) {
    long end = System.nanoTime() + MAX_WAIT_NANOS;
    while (kv.stats().diskBytes() != fileBytes(store) && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(kv.stats().diskBytes()).isEqualTo(fileBytes(store));
  }

  private static long fileBytes(Path store) {
    StoreImage image = StoreImage.of(store);
    return image.names().stream()
        .filter(name -> name.endsWith(".segment") || name.endsWith(".compacted"))
        .mapToLong(name -> image.bytes(name).length)
        .sum();
  }

  /** Copies the files before each operation, as a crash at that moment would leave them. */
  private static final class Copying implements Storage {
    private final Path from;
    private final Path to;
    private volatile boolean on;
    private int count;
    private int checked;

    Copying(Path from, Path to) {
      this.from = from;
      this.to = to;
    }

    private synchronized void copy() throws IOException {
      if (on) {
        StoreFiles.copy(from, to.resolve("at" + count++));
      }
    }

    @Override
    public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
      copy();
      Storage.FILES.write(file, bytes, at);
    }

    @Override
    public void sync(FileChannel file) throws IOException {
      copy();
    }

    @Override
    public void sync(MappedByteBuffer mapped, int from, int length) throws IOException {
      copy();
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      copy();
    }
  }
}
