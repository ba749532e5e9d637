package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.LockedStoreException;
import io.kvstore.StoreRepair;
import io.kvstore.StoreVerifier;
import io.kvstore.codec.Codecs;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.ownership.ReadingHold;
import io.kvstore.platform.Storage;
import io.kvstore.testing.Await;
import io.kvstore.testing.OtherClasses;
import io.kvstore.testing.Shell;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store that is open keeps its directory to itself, however the directory is reached, and
 * whatever is done to its lock.
 */
@Timeout(600)
class OneOwnerTest {
  private static final String LOCK = "lock";
  private static final String OWNER = "owner";

  @TempDir Path temporary;

  /** What agents and people do with a file, all within the process that has the store open. */
  enum Touch {
    READ {
      @Override
      void at(Path lock) throws IOException {
        assertThat(Files.readString(lock)).contains("process " + ProcessHandle.current().pid());
      }
    },
    COPIED {
      @Override
      void at(Path lock) throws IOException {
        Files.copy(lock, lock.resolveSibling("lock.bak"));
      }
    },
    ZIPPED {
      @Override
      void at(Path lock) throws IOException {
        Path zip = lock.resolveSibling("lock.zip");
        try (OutputStream file = Files.newOutputStream(zip);
            ZipOutputStream to = new ZipOutputStream(file)) {
          to.putNextEntry(new ZipEntry(LOCK));
          Files.copy(lock, to);
        }
      }
    },
    OPENED {
      @Override
      void at(Path lock) throws IOException {
        new RandomAccessFile(lock.toFile(), "rw").close();
      }
    },
    LINKED {
      @Override
      void at(Path lock) throws IOException {
        Path link = Files.createSymbolicLink(lock.resolveSibling("link"), lock);
        Files.readAllBytes(link);
      }
    },
    TOUCHED {
      @Override
      void at(Path lock) throws IOException {
        Files.setLastModifiedTime(lock, FileTime.fromMillis(1));
        Files.readAllBytes(lock);
      }
    },
    EMPTIED {
      @Override
      void at(Path lock) throws IOException {
        Files.write(lock, new byte[0]);
      }
    },
    SCRIBBLED {
      @Override
      void at(Path lock) throws IOException {
        Files.writeString(lock, "kilroy was here");
      }
    },
    DELETED {
      @Override
      void at(Path lock) throws IOException {
        Files.delete(lock);
      }
    },
    REPLACED {
      @Override
      void at(Path lock) throws IOException {
        Path copy = lock.resolveSibling("lock.bak");
        Files.copy(lock, copy);
        Files.move(copy, lock, StandardCopyOption.REPLACE_EXISTING);
      }
    };

    abstract void at(Path lock) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void otherProcessIsRefusedWhateverBecomesOfTheLockFile(Touch touch) throws IOException {
    Path directory = temporary.resolve("data");
    try (KvStore<String, String> store = open(directory)) {
      store.put("before", "1");
      touch.at(directory.resolve(LOCK));

      assertOthersAreRefused(directory);

      store.put("after", "2");
      store.sync();
      awaitLock(directory);
      assertThat(Files.readString(directory.resolve(OWNER))).isEqualTo(ownText(directory));
      store.put("later", "3");
    }
    try (KvStore<String, String> store = open(directory)) {
      assertThat(store.size()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"READ", "EMPTIED", "SCRIBBLED", "DELETED", "REPLACED"})
  void otherProcessIsRefusedWhateverBecomesOfTheOwnersFile(Touch touch) throws IOException {
    Path directory = temporary.resolve("data");
    try (KvStore<String, String> store = open(directory)) {
      Files.readAllBytes(directory.resolve(LOCK));
      touch.at(directory.resolve(OWNER));

      assertOthersAreRefused(directory);

      store.put("after", "2");
      Await.that(
          () ->
              Files.exists(directory.resolve(OWNER))
                  && Files.readString(directory.resolve(OWNER)).equals(ownText(directory)));
      store.put("later", "3");
      store.sync();
    }
  }

  @Test
  void ourOwnReadersAreRefusedAndCostNothing() throws Exception {
    Path directory = temporary.resolve("data");
    try (KvStore<String, String> store = open(directory)) {
      store.put("a", "1");
      assertThatThrownBy(() -> StoreVerifier.verify(directory, null))
          .isInstanceOf(LockedStoreException.class);
      assertThatThrownBy(() -> StoreRepair.repair(directory, temporary.resolve("new"), null))
          .isInstanceOf(LockedStoreException.class);
      try (KvStore<String, String> other = open(temporary.resolve("other"))) {
        assertThatThrownBy(() -> other.backup(directory)).isInstanceOf(KvStoreException.class);
      }
      KvStore.builder(Codecs.string(), Codecs.string())
          .directory(directory)
          .readOnly()
          .open()
          .close();
      store.backup(temporary.resolve("backup"));
      try (OtherClasses classes = new OtherClasses()) {
        assertThatThrownBy(() -> classes.verify(directory)).satisfies(OtherClasses::isLocked);
        classes.readOnly(directory);
      }

      assertThat(isLocked(directory)).isTrue();
      assertOthersAreRefused(directory);
    }
  }

  @Test
  void readersOfOneProcessKeepStoresOfAllOthersOut() throws Exception {
    Path directory = temporary.resolve("data");
    open(directory).close();
    ReadingHold held = StoreDirectory.openForReading(directory);
    try {
      assertThatThrownBy(() -> open(directory)).isInstanceOf(LockedStoreException.class);
      try (OtherClasses classes = new OtherClasses()) {
        assertThatThrownBy(() -> classes.open(directory)).satisfies(OtherClasses::isLocked);
      }
      try (OtherProcess other = OtherProcess.start(directory)) {
        assertThat(other.answer()).contains("in use by");
      }
    } finally {
      held.close();
    }
    open(directory).close();
  }

  @Test
  void secondClassLoaderIsRefusedAndTakesNothingAway() throws Exception {
    Path directory = temporary.resolve("data");
    try (OtherClasses classes = new OtherClasses()) {
      try (KvStore<String, String> store = open(directory)) {
        store.put("a", "1");
        assertThatThrownBy(() -> classes.open(directory))
            .satisfies(OtherClasses::isLocked)
            .hasMessageContaining(
                "is already open in this process: process " + ProcessHandle.current().pid());
        assertThat(isLocked(directory)).isTrue();
      }
      AutoCloseable theirs = classes.open(directory);
      try {
        assertThatThrownBy(() -> open(directory)).isInstanceOf(LockedStoreException.class);
        assertThat(isLocked(directory)).isTrue();
      } finally {
        theirs.close();
      }
    }
    open(directory).close();
  }

  @Test
  void lockOfOlderClassesInTheProcessIsRespectedAndNotTakenAway() throws Exception {
    Path directory = temporary.resolve("data");
    open(directory).close();
    try (FileChannel older = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE);
        OtherClasses classes = new OtherClasses()) {
      assertThat(older.tryLock()).isNotNull();

      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(LockedStoreException.class)
          .hasMessageContaining("this process");
      assertThatThrownBy(() -> StoreVerifier.verify(directory, null))
          .isInstanceOf(LockedStoreException.class);
      assertThatThrownBy(() -> classes.open(directory)).satisfies(OtherClasses::isLocked);

      assertThat(isLocked(directory)).isTrue();
    }
    open(directory).close();
  }

  @Test
  void everyPathToTheDirectoryLeadsToTheSameStore() throws IOException {
    Path directory = temporary.resolve("a").resolve("data");
    try (KvStore<String, String> store = open(directory)) {
      Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
      Path above = Files.createSymbolicLink(temporary.resolve("above"), directory.getParent());
      Path relative = Path.of("").toAbsolutePath().relativize(directory);
      Path roundabout = directory.resolve("..").resolve(".").resolve("data");
      for (Path path : new Path[] {link, above.resolve("data"), relative, roundabout}) {
        assertThatThrownBy(() -> open(path))
            .as(path.toString())
            .isInstanceOf(LockedStoreException.class)
            .hasMessageContaining("this process");
        assertThatThrownBy(() -> StoreVerifier.verify(path, null))
            .as(path.toString())
            .isInstanceOf(LockedStoreException.class);
      }
      store.put("still", "here");
      assertThat(isLocked(directory)).isTrue();
    }
  }

  @Test
  void bindMountLeadsToTheSameStore() throws IOException {
    Path directory = temporary.resolve("data");
    Path mounted = Files.createDirectory(temporary.resolve("mounted"));
    try (KvStore<String, String> store = open(directory)) {
      assumeTrue(
          Shell.succeeds("mount", "--bind", directory.toString(), mounted.toString()),
          "a bind mount needs root");
      try {
        assertThatThrownBy(() -> open(mounted))
            .isInstanceOf(LockedStoreException.class)
            .hasMessageContaining("this process");
        Files.readAllBytes(mounted.resolve(LOCK));
        assertOthersAreRefused(mounted);
        store.put("still", "here");
      } finally {
        Shell.succeeds("umount", mounted.toString());
      }
    }
  }

  @Test
  void copyOfTheFilesWhileTheStoreRunsIsAStoreOfItsOwn() throws IOException {
    Path directory = temporary.resolve("data");
    Path copy = temporary.resolve("copy");
    try (KvStore<String, String> store = open(directory)) {
      store.put("a", "1");
      StoreFiles.copy(directory, copy);
      Files.copy(directory.resolve(LOCK), copy.resolve(LOCK), StandardCopyOption.REPLACE_EXISTING);

      try (OtherProcess other = OtherProcess.start(copy)) {
        assertThat(other.hasOpened()).isTrue();
      }
      try (KvStore<String, String> second = open(copy)) {
        assertThat(second.get("a")).isEqualTo("1");
      }
    }
  }

  @Test
  void killedHolderIsNamedAndInNobodysWay() throws IOException {
    Path directory = temporary.resolve("data");
    try (OtherProcess other = OtherProcess.start(directory)) {
      assertThat(other.hasOpened()).isTrue();
      other.kill();
      assertThat(Files.readString(directory.resolve(LOCK))).contains("process " + other.pid());
      assertThat(Files.readString(directory.resolve(OWNER))).contains("process " + other.pid());
    }

    open(directory).close();

    assertThat(directory.resolve(LOCK)).hasContent("\n");
    assertThat(directory.resolve(OWNER)).doesNotExist();
  }

  @Test
  void textOfAnotherProcessWithTheSameIdMeansNothing() throws IOException {
    Path directory = temporary.resolve("data");
    open(directory).close();
    Path other = temporary.resolve("other");
    try (OtherProcess living = OtherProcess.start(other)) {
      assertThat(living.hasOpened()).isTrue();
      String text = Files.readString(other.resolve(LOCK));
      open(directory).close();
      String identity = text.lines().toList().get(1);
      for (String stale :
          new String[] {
            text,
            text.replace(identity, identity + "0"),
            text.replace(identity, "identity unknown"),
            text.replace("process " + living.pid(), "process " + ProcessHandle.current().pid()),
            text.replace("\n", "\r\n"),
            text.substring(0, text.length() / 2),
            "process " + living.pid() + " on host since 2020-01-01T00:00:00Z",
          }) {
        Files.writeString(directory.resolve(LOCK), stale);
        Files.writeString(directory.resolve(OWNER), stale);
        try (KvStore<String, String> store = open(directory)) {
          store.put("a", stale);
        }
      }
    }
  }

  @Test
  void fullDiskRefusesNoOpening() throws IOException {
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    assumeTrue(
        Shell.succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()),
        "a disk of its own needs root");
    try {
      Path directory = disk.resolve("data");
      try (KvStore<String, String> store = open(directory)) {
        store.put("a", "1");
      }
      for (boolean hasLock : new boolean[] {true, false}) {
        if (!hasLock) {
          Files.delete(directory.resolve(LOCK));
        }
        fill(disk.resolve("ballast"));
        try (KvStore<String, String> store = open(directory)) {
          store.put("has lock", "" + hasLock);
          Files.readAllBytes(directory.resolve("manifest"));
          try (OtherProcess other = OtherProcess.start(directory)) {
            assertThat(other.answer()).contains("in use by");
          }
          store.sync();
        }
      }
      Files.delete(disk.resolve("ballast"));
      try (KvStore<String, String> store = open(directory)) {
        assertThat(store.get("has lock")).isEqualTo("false");
      }
    } finally {
      Shell.succeeds("umount", "-l", disk.toString());
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    for (; ; ) {
      try {
        Files.write(file, block, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void assertOthersAreRefused(Path directory) throws IOException {
    try (OtherProcess other = OtherProcess.start(directory)) {
      assertThat(other.answer())
          .contains(directory + " is in use by process " + ProcessHandle.current().pid() + " on ");
    }
  }

  /** Waits until the system's lock is held on the file in its place, and the text is there. */
  private static void awaitLock(Path directory) {
    Await.that(
        () ->
            Files.exists(directory.resolve(LOCK))
                && isLocked(directory)
                && ownText(directory).contains("token"));
  }

  /** The text in the lock file, read by another process: this one would give its lock up. */
  private static String ownText(Path directory) throws IOException {
    return Shell.output("cat", directory.resolve(LOCK).toString());
  }

  /** Tells whether this process has the system's lock. */
  private static boolean isLocked(Path directory) throws IOException {
    Path locks = Path.of("/proc/locks");
    assumeTrue(Files.exists(locks), "only Linux lists its locks");
    Object inode = Files.getAttribute(directory.resolve(LOCK), "unix:ino");
    String pid = " WRITE " + ProcessHandle.current().pid() + " ";
    return Files.readAllLines(locks).stream()
        .anyMatch(line -> line.contains(pid) && line.contains(":" + inode + " "));
  }

  private static KvStore<String, String> open(Path directory) {
    return StoreDoor.open(directory, Durability.PROCESS, Storage.FILES);
  }
}
