package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.BackupReport;
import io.kvstore.ClosedStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.LockedStoreException;
import io.kvstore.StoreVerifier;
import io.kvstore.codec.Codecs;
import io.kvstore.platform.Storage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.StoreFiles;
import io.kvstore.testing.StoreImage;
import io.kvstore.testing.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backups of stores with the smallest segments. */
@Timeout(600)
class BackupTest {
  private static final int WRITERS = 3;
  private static final int LAST_WRITE = LongForm.of(8_000, 20_000);
  private static final Storage NO_SYNCS = FaultyStorage.withoutSyncs();

  @TempDir Path directory;

  private final RandomChanges changes = new RandomChanges();
  private final Random random = new Random(7);

  // ---- what is in it

  @ParameterizedTest
  @EnumSource
  void backupIsTheStoreWithItsVersions(Durability durability) throws IOException {
    try (KvStore<String, String> kv = open("store", durability)) {
      changes.make(kv, 2_000);

      BackupReport report = kv.backup(path("backup"));

      assertThat(report.sequence()).isEqualTo(kv.stats().sequence());
      assertThat(report.filesKept()).isZero();
      assertThat(report.bytesCopied()).isEqualTo(segmentBytes(path("backup")) - 32);
      assertThat(StoreVerifier.verify(path("backup"), (done, total) -> {}).isWhole()).isTrue();
      Map<String, Long> versions = versions(kv);
      try (KvStore<String, String> copy = open("backup", durability)) {
        assertThat(entriesOf(copy)).isEqualTo(changes.entries());
        assertThat(versions(copy)).isEqualTo(versions);
        assertThat(copy.stats().sequence()).isEqualTo(report.sequence());
        changes.make(copy, 500);
        copy.compact();
        changes.make(copy, 500);
      }
      try (KvStore<String, String> copy = open("backup", durability)) {
        assertThat(entriesOf(copy)).isEqualTo(changes.entries());
        assertThat(copy.stats().cutBytes()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void emptyAndEmptiedStoresHaveBackups(Durability durability) {
    try (KvStore<String, String> kv = open("store", durability)) {
      assertThat(kv.backup(path("empty")).sequence()).isZero();
      changes.make(kv, 1_000);
      List.copyOf(changes.entries().keySet()).forEach(kv::delete);
      kv.compact();
      kv.compact();

      BackupReport report = kv.backup(path("emptied"));

      assertThat(report.sequence()).isEqualTo(kv.stats().sequence());
      for (String name : List.of("empty", "emptied")) {
        try (KvStore<String, String> copy = open(name, durability)) {
          assertThat(copy.size()).isZero();
        }
      }
      try (KvStore<String, String> copy = open("emptied", durability)) {
        assertThat(copy.stats().sequence()).isEqualTo(report.sequence());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void backupBetweenCompactionsIsTheStoreEachTime(Durability durability) throws IOException {
    try (KvStore<String, String> kv = open("store", durability)) {
      for (int round = 0; round < 25; round++) {
        changes.make(kv, random.nextInt(200));
        if (random.nextInt(3) == 0) {
          kv.compact();
        }
        BackupReport report = kv.backup(path("backup"));

        assertThat(report.sequence()).isEqualTo(kv.stats().sequence());
        assertThat(StoreVerifier.verify(path("backup"), (done, total) -> {}).isWhole()).isTrue();
        try (KvStore<String, String> reader =
            KvStore.builder(Codecs.string(), Codecs.string())
                .directory(path("backup"))
                .readOnly()
                .open()) {
          assertThat(entriesOf(reader)).as("round %s", round).isEqualTo(changes.entries());
        }
        StoreFiles.copy(path("backup"), path("copy" + round));
        try (KvStore<String, String> copy = open("copy" + round, durability)) {
          assertThat(entriesOf(copy)).as("round %s", round).isEqualTo(changes.entries());
          copy.compact();
          assertThat(entriesOf(copy)).as("round %s", round).isEqualTo(changes.entries());
        }
        if (round % 5 == 0) {
          // Opening leaves an index behind, and the next backup takes no harm from it.
          open("backup", durability).close();
        }
      }
    }
  }

  @Test
  void backupOfARestoredBackupIsOneToo() {
    try (KvStore<String, String> kv = open("store", Durability.PROCESS)) {
      changes.make(kv, 1_000);
      kv.backup(path("a"));
    }
    try (KvStore<String, String> kv = open("a", Durability.PROCESS)) {
      changes.make(kv, 300);
      kv.backup(path("b"));
      changes.make(kv, 300);
      kv.compact();
      changes.make(kv, 300);
      kv.backup(path("b"));
    }
    try (KvStore<String, String> kv = open("b", Durability.PROCESS)) {
      assertThat(entriesOf(kv)).isEqualTo(changes.entries());
    }
  }

  // ---- only what is new

  @Test
  void onlyNewSegmentsAreCopied() {
    try (KvStore<String, String> kv = open("store", Durability.PROCESS)) {
      changes.fill(kv, 30);
      BackupReport first = kv.backup(path("backup"));
      BackupReport same = kv.backup(path("backup"));
      long before = kv.stats().segments();
      changes.fill(kv, 10);

      BackupReport second = kv.backup(path("backup"));

      assertThat(first.filesCopied()).isGreaterThan(25);
      assertThat(same.filesCopied()).isZero();
      assertThat(same.bytesCopied()).isZero();
      assertThat(same.filesKept()).isEqualTo(first.filesCopied());
      // Of the segments before, only the one that was active may have changed.
      assertThat(second.filesKept()).isBetween((int) before - 1, (int) before);
      assertThat(second.filesCopied() + second.filesKept()).isEqualTo(kv.stats().segments());
      assertThat(second.bytesCopied()).isLessThan(first.bytesCopied() / 2);
    }
    try (KvStore<String, String> copy = open("backup", Durability.PROCESS)) {
      assertThat(entriesOf(copy)).isEqualTo(changes.entries());
    }
  }

  // ---- beside writers

  @ParameterizedTest
  @EnumSource
  void backupUnderLoadIsABeginningOfTheHistory(Durability durability) throws Exception {
    AtomicBoolean writing = new AtomicBoolean(true);
    AtomicLongArray acknowledged = new AtomicLongArray(WRITERS);
    List<BackupReport> reports = new ArrayList<>();
    try (KvStore<String, String> kv = open("store", durability);
        Threads threads = new Threads(() -> writing.set(false))) {
      for (int w = 0; w < WRITERS; w++) {
        int writer = w;
        threads.run(() -> write(kv, writer, writing, acknowledged));
      }
      for (int i = 0; i < 12; i++) {
        long[] before = new long[WRITERS];
        for (int w = 0; w < WRITERS; w++) {
          before[w] = acknowledged.get(w);
        }
        reports.add(kv.backup(path("backup")));
        StoreFiles.copy(path("backup"), path("at" + i));
        try (KvStore<String, String> copy = open("at" + i, durability)) {
          for (int w = 0; w < WRITERS; w++) {
            String left = copy.get("left" + w);
            assertThat(copy.get("right" + w)).as("a batch is whole").isEqualTo(left);
            assertThat(left == null ? 0 : Long.parseLong(left)).isGreaterThanOrEqualTo(before[w]);
          }
        }
        if (i % 3 == 2) {
          kv.compact();
        }
      }
      writing.set(false);
      threads.join();
      Map<String, Long> all = versions(kv);
      for (int i = 0; i < reports.size(); i++) {
        long last = reports.get(i).sequence();
        try (KvStore<String, String> copy = open("at" + i, durability)) {
          assertThat(once(versions(copy), Long.MAX_VALUE)).isEqualTo(once(all, last));
          assertThat(copy.stats().sequence()).isEqualTo(last);
        }
      }
    }
  }

  private static void write(
      KvStore<String, String> kv, int w, AtomicBoolean writing, AtomicLongArray acknowledged) {
    for (long n = 1; writing.get() && n < LAST_WRITE; n++) {
      kv.put("once" + w + "-" + n, "");
      kv.write(kv.batch().put("left" + w, "" + n).put("x" + w, "").put("right" + w, "" + n));
      acknowledged.set(w, n);
    }
  }

  /** Returns what is put once and never again, up to a version. */
  private static Map<String, Long> once(Map<String, Long> versions, long last) {
    Map<String, Long> found = new TreeMap<>(versions);
    found.entrySet().removeIf(e -> !e.getKey().startsWith("once") || e.getValue() > last);
    return found;
  }

  // ---- what is refused

  @Test
  void whatIsNoBackupOfTheStoreIsRefusedAndStaysAsItIs() throws IOException {
    try (KvStore<String, String> kv = open("store", Durability.PROCESS)) {
      changes.make(kv, 100);
      Path foreign = Files.createDirectory(path("foreign"));
      Files.writeString(foreign.resolve("precious"), "yes");
      open("other", Durability.PROCESS).close();
      StoreImage other = StoreImage.of(path("other"));

      assertRefused(kv, foreign, "it has precious");
      assertRefused(kv, path("other"), "is another store");
      assertRefused(kv, path("store").resolve("inside/of"), "is inside of");
      assertRefused(kv, path("store"), "is inside of");

      assertThat(StoreImage.of(foreign).names()).containsExactly("precious");
      assertThat(StoreImage.of(path("other")).isSame(other)).isTrue();
      assertThat(path("store").resolve("inside")).doesNotExist();
    }
  }

  @Test
  void copyOfTheStoreAndBackupInUseAreRefused() throws IOException {
    try (KvStore<String, String> kv = open("store", Durability.PROCESS)) {
      changes.make(kv, 100);
      kv.sync();
      StoreFiles.copy(path("store"), path("copy"));
      kv.backup(path("backup"));

      assertRefused(kv, path("copy"), "is no backup");
      try (KvStore<String, String> used = open("backup", Durability.PROCESS)) {
        assertThatThrownBy(() -> kv.backup(path("backup")))
            .isInstanceOf(LockedStoreException.class)
            .hasMessageContaining("already open");
        used.put("its own", "change");
      }
      assertRefused(kv, path("backup"), "changes of its own");
      try (KvStore<String, String> used = open("backup", Durability.PROCESS)) {
        assertThat(used.get("its own")).isEqualTo("change");
      }
    }
  }

  @Test
  void backupInUseByAnotherProcessIsRefused() throws IOException {
    try (KvStore<String, String> kv = open("store", Durability.PROCESS)) {
      changes.make(kv, 100);
      kv.backup(path("backup"));
      try (OtherProcess other = OtherProcess.start(path("backup"))) {
        assertThat(other.hasOpened()).isTrue();

        assertThatThrownBy(() -> kv.backup(path("backup")))
            .isInstanceOf(LockedStoreException.class)
            .hasMessageContaining("process " + other.pid());
      }
      kv.backup(path("backup"));
    }
  }

  @Test
  void storeInMemoryAndClosedStoreHaveNone() {
    try (KvStore<String, String> kv = KvStore.builder(Codecs.string(), Codecs.string()).open()) {
      assertThatThrownBy(() -> kv.backup(path("backup")))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("in memory");
    }
    KvStore<String, String> closed = open("store", Durability.PROCESS);
    closed.close();
    assertThatThrownBy(() -> closed.backup(path("backup")))
        .isInstanceOf(ClosedStoreException.class);
    assertThat(path("backup")).doesNotExist();
  }

  @Test
  void interruptOfTheCallerIsKept() {
    try (KvStore<String, String> kv = open("store", Durability.PROCESS)) {
      changes.make(kv, 300);
      Thread.currentThread().interrupt();

      kv.backup(path("backup"));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(kv.backupAsync(path("backup")).join().filesCopied()).isZero();
    }
    try (KvStore<String, String> copy = open("backup", Durability.PROCESS)) {
      assertThat(entriesOf(copy)).isEqualTo(changes.entries());
    }
  }

  private static void assertRefused(KvStore<String, String> kv, Path to, String why) {
    assertThatThrownBy(() -> kv.backup(to))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(to.toString())
        .hasMessageContaining(why);
  }

  // ---- what the tests share

  private Path path(String name) {
    return directory.resolve(name);
  }

  private KvStore<String, String> open(String name, Durability durability) {
    return StoreDoor.open(path(name), durability, NO_SYNCS);
  }

  private static Map<String, Long> versions(KvStore<String, String> kv) {
    Map<String, Long> versions = new HashMap<>();
    kv.forEach(entry -> versions.put(entry.key(), entry.version()));
    return versions;
  }

  private static long segmentBytes(Path store) {
    StoreImage image = StoreImage.of(store);
    return image.names().stream()
        .filter(name -> name.endsWith(".segment") || name.endsWith(".compacted"))
        .mapToLong(name -> image.bytes(name).length)
        .sum();
  }
}
