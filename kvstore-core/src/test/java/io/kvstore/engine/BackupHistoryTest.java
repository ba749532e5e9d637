package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.StoreVerifier;
import io.kvstore.directory.HistoryFile;
import io.kvstore.platform.Storage;
import io.kvstore.platform.TextChecksum;
import io.kvstore.testing.DirectoryImage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup is only ever replaced by one of a store that goes on from it. */
class BackupHistoryTest {
  private static final Storage NO_SYNCS = FaultyStorage.withoutSyncs();

  @TempDir Path directory;

  // ---- who may

  @ParameterizedTest
  @EnumSource
  void storeThatIsOpenedAgainAndAgainGoesOn(Durability durability) throws IOException {
    Map<String, String> expected = new TreeMap<>();
    for (int opening = 0; opening < 6; opening++) {
      try (KvStore<String, String> store = open("store", durability)) {
        fill(store, "opening" + opening, 30, expected);
        store.backup(path("backup"));
        fill(store, "more" + opening, opening % 2 == 0 ? 30 : 0, expected);
        store.backup(path("backup"));
      }
      open("store", durability).close();
      if (opening == 3) {
        open("backup", durability).close();
      }
    }
    assertContent("backup", expected);
  }

  @Test
  void storeThatACrashHasTakenTheLastChangesOfGoesOn() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      fill(store, "kept", 10, expected);
      store.backup(path("backup"));
      store.put("lost", "value");
      DirectoryImage.of(path("store")).writeTo(path("crashed"));
    }
    Path tail = path("crashed").resolve("0000000001.segment");
    byte[] bytes = Files.readAllBytes(tail);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    bytes[end - 1] ^= 1;
    Files.write(tail, bytes);
    Objects.requireNonNull(HistoryFile.read(path("crashed"))).write(path("crashed"), Storage.FILES);

    try (KvStore<String, String> store = open("crashed", Durability.PROCESS)) {
      assertThat(store.stats().cutBytes()).isPositive();
      fill(store, "again", 5, expected);
      store.backup(path("backup"));
    }

    assertContent("backup", expected);
  }

  // ---- who may not

  @Test
  void copyThatHasGoneItsOwnWayIsRefused() throws IOException {
    backedUpStore(10);
    StoreFiles.copy(path("store"), path("copy"));
    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      fill(store, "own", 10, new TreeMap<>());
      store.backup(path("backup"));
    }

    assertRefused("copy", 10, "are none of the store's");
    assertRefused("copy", 30, "are none of the store's");
  }

  @Test
  void copyThatGoesOnFromTheBackupIsRefusedToo() throws IOException {
    backedUpStore(10);
    StoreFiles.copy(path("store"), path("copy"));

    assertRefused("copy", 10, "is a copy of the one");
  }

  @Test
  void restoredBackupIsRefused() throws IOException {
    backedUpStore(10);
    StoreFiles.copy(path("backup"), path("restored"));

    assertRefused("restored", 10, "is a backup that has been restored");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void olderFilesOfTheStoreAreRefused(boolean all) throws IOException {
    backedUpStore(10);
    DirectoryImage older = DirectoryImage.of(path("store"));
    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      fill(store, "newer", 10, new TreeMap<>());
      store.backup(path("backup"));
    }
    (all ? older : older.without("index").without("history")).writeOver(path("store"));

    assertRefused("store", 0, "are none of the store's");
    assertRefused("store", 30, "are none of the store's");
  }

  @Test
  void backupOfAHistoryThatCantBeReadIsRefused() throws IOException {
    backedUpStore(10);
    Files.writeString(path("backup").resolve("history"), "nothing");

    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      assertThatThrownBy(() -> store.backup(path("backup")))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining("history");
    }
  }

  @Test
  void backupWhoseFilesAreOfDifferentTimesIsRefused() throws IOException {
    backedUpStore(200);
    DirectoryImage older = DirectoryImage.of(path("backup"));
    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      store.compact();
      fill(store, "newer", 10, new TreeMap<>());
      store.backup(path("backup"));
      DirectoryImage newer = DirectoryImage.of(path("backup"));
      int refused = 0;
      for (String name : newer.names()) {
        if (name.endsWith(".segment") && older.bytes(name) != null) {
          continue;
        }
        DirectoryImage mixed = newer.with(Set.of(name), older);
        mixed.writeTo(path("backup"));
        try {
          store.backup(path("backup"));
        } catch (KvStoreException e) {
          refused++;
          assertThat(DirectoryImage.of(path("backup")).isSame(mixed)).isTrue();
          continue;
        }
        assertThat(StoreVerifier.verify(path("backup"), null).isWhole()).as(name).isTrue();
        newer.writeTo(path("backup"));
      }
      assertThat(refused).isPositive();
    }
  }

  @Test
  void filesThatAreNoneOfABackupAreKept() throws IOException {
    Map<String, String> expected = backedUpStore(200);
    try (KvStore<String, String> other = open("other", Durability.PROCESS)) {
      fill(other, "key", 200, new TreeMap<>());
      other.compact();
    }
    DirectoryImage foreign = DirectoryImage.of(path("other"));
    byte[] text = "mine".getBytes(US_ASCII);
    Files.write(path("backup").resolve("notes.txt"), text);
    byte[] noSegment = "no segment".getBytes(US_ASCII);
    Files.write(path("backup").resolve("0000000077.segment"), noSegment);
    for (String name : foreign.names()) {
      if (name.endsWith(".compacted")) {
        byte[] bytes = Objects.requireNonNull(foreign.bytes(name));
        Files.write(path("backup").resolve("0000000099.compacted"), bytes);
        Files.write(path("backup").resolve(name), bytes);
      }
    }

    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      fill(store, "newer", 10, expected);
      store.compact();
      store.backup(path("backup"));
    }

    DirectoryImage after = DirectoryImage.of(path("backup"));
    assertThat(Files.readAllBytes(path("backup").resolve("notes.txt"))).isEqualTo(text);
    assertThat(after.hasBytes(noSegment)).isTrue();
    for (String name : foreign.names()) {
      if (name.endsWith(".compacted")) {
        assertThat(after.hasBytes(Objects.requireNonNull(foreign.bytes(name)))).isTrue();
      }
    }
    assertContent("backup", expected);
  }

  // ---- backups of format 2

  @Test
  void backupOfFormat2IsTakenOverIfItMayBeOfTheStore() throws IOException {
    Map<String, String> expected = backedUpStore(200);
    toFormat2(path("backup"));
    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      fill(store, "newer", 10, expected);
      store.backup(path("backup"));
    }

    assertContent("backup", expected);
    assertThat(Files.readString(path("backup").resolve("manifest"))).contains("format 3");
    assertThat(HistoryFile.read(path("backup"))).isNotNull();
  }

  @Test
  void backupOfFormat2ThatIsAheadIsRefused() throws IOException {
    backedUpStore(10);
    StoreFiles.copy(path("store"), path("copy"));
    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      fill(store, "newer", 10, new TreeMap<>());
      store.backup(path("backup"));
    }
    toFormat2(path("backup"));

    assertRefused("copy", 5, "it has changes up to 20, and the store up to 15");
  }

  @Test
  void copyWithTheSameLengthsLeavesNothingOfABackupOfFormat2() throws IOException {
    backedUpStore(10);
    StoreFiles.copy(path("store"), path("copy"));
    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      store.put("own", "mine");
      store.backup(path("backup"));
    }
    toFormat2(path("backup"));
    try (KvStore<String, String> copy = open("copy", Durability.PROCESS)) {
      copy.put("own", "ours");

      copy.backup(path("backup"));

      Map<String, String> expected = entriesOf(copy);
      assertContent("backup", expected);
    }
  }

  /** Makes a backup what the version before has written. */
  private static void toFormat2(Path backup) throws IOException {
    Files.delete(backup.resolve("history"));
    String list = Files.readString(backup.resolve("segments"), US_ASCII);
    list = list.replaceAll(":[0-9a-f]{8}", "").replaceAll("(?m)^(next|dropped|checksum).*\n", "");
    Files.writeString(
        backup.resolve("segments"), list + "checksum " + TextChecksum.of(list) + "\n", US_ASCII);
    String manifest = Files.readString(backup.resolve("manifest"), US_ASCII);
    manifest = manifest.replace("format 3", "format 2").replaceAll("(?m)^checksum.*\n", "");
    Files.writeString(
        backup.resolve("manifest"),
        manifest + "checksum " + TextChecksum.of(manifest) + "\n",
        US_ASCII);
  }

  // ---- what the tests share

  /** Makes a store with a backup, and closes it. */
  private Map<String, String> backedUpStore(int entries) {
    Map<String, String> expected = new TreeMap<>();
    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      fill(store, "key", entries, expected);
      store.backup(path("backup"));
    }
    return expected;
  }

  private void assertRefused(String name, int more, String why) {
    DirectoryImage before = DirectoryImage.of(path("backup"));
    try (KvStore<String, String> store = open(name, Durability.PROCESS)) {
      fill(store, "more", more, new TreeMap<>());

      assertThatThrownBy(() -> store.backup(path("backup")))
          .isInstanceOf(KvStoreException.class)
          .hasMessageContaining(path("backup") + " is a backup that ")
          .hasMessageContaining(why)
          .hasMessageContaining("back up into a new directory");
      store.backup(path("new of " + name + more));
    }
    assertThat(DirectoryImage.of(path("backup")).isSame(before)).isTrue();
  }

  private void assertContent(String name, Map<String, String> expected) {
    assertThat(StoreVerifier.verify(path(name), null).isWhole()).isTrue();
    try (KvStore<String, String> copy = open(name, Durability.PROCESS)) {
      assertThat(entriesOf(copy)).isEqualTo(expected);
    }
  }

  private static void fill(
      KvStore<String, String> store, String prefix, int count, Map<String, String> expected) {
    for (int i = 0; i < count; i++) {
      store.put(prefix + i, "value " + prefix);
      expected.put(prefix + i, "value " + prefix);
    }
  }

  private Path path(String name) {
    return directory.resolve(name);
  }

  private KvStore<String, String> open(String name, Durability durability) {
    return StoreDoor.open(path(name), durability, NO_SYNCS);
  }
}
