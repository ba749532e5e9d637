package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.LockedStoreException;
import io.kvstore.platform.Storage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.FaultyStorage.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One store at a time has a directory, in this process and among all. */
class LockTest {
  @TempDir Path directory;

  @Test
  void secondOpeningInTheProcessIsRefusedAndTheFirstKeepsItsLock() throws IOException {
    try (KvStore<String, String> store = open(directory)) {
      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(LockedStoreException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("this process");
      assertThatThrownBy(() -> open(directory.resolve("..").resolve(directory.getFileName())))
          .isInstanceOf(LockedStoreException.class);

      try (OtherProcess other = OtherProcess.start(directory)) {
        assertThat(other.answer())
            .contains(directory.toString())
            .contains("process " + ProcessHandle.current().pid() + " on ")
            .contains(InetAddress.getLocalHost().getHostName());
      }

      store.put("still", "here");
    }
    try (KvStore<String, String> store = open(directory)) {
      assertThat(store.get("still")).isEqualTo("here");
    }
  }

  @Test
  void openingBesideAnotherProcessNamesIt() throws IOException {
    try (OtherProcess other = OtherProcess.start(directory)) {
      assertThat(other.hasOpened()).isTrue();

      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> open(directory))
            .isInstanceOf(LockedStoreException.class)
            .hasMessageContaining("process " + other.pid() + " on ")
            .hasMessageContaining("since");
      }
    }

    open(directory).close();
  }

  @Test
  void symbolicLinkLeadsToTheSameStore() throws IOException {
    Path link = directory.resolve("link");
    Path real = directory.resolve("real");
    try (KvStore<String, String> store = open(real)) {
      Files.createSymbolicLink(link, real);

      assertThatThrownBy(() -> open(link)).isInstanceOf(LockedStoreException.class);
      store.put("still", "here");
    }
  }

  @Test
  void closedStoreGivesTheDirectoryToAnotherProcess() throws IOException {
    open(directory).close();

    try (OtherProcess other = OtherProcess.start(directory)) {
      assertThat(other.hasOpened()).isTrue();
    }
  }

  @Test
  void failedOpeningLeavesNoLock() throws IOException {
    FaultyStorage storage = FaultyStorage.create();
    for (Operation operation : new Operation[] {Operation.WRITE, Operation.SYNC_DIRECTORY}) {
      storage.fail(operation, FaultyStorage.IO_ERROR);
      assertThatThrownBy(() -> StoreDoor.open(directory, Durability.SYNC, storage))
          .isInstanceOf(KvStoreException.class)
          .hasMessageContaining(directory.toString());
      storage.heal();
    }

    try (OtherProcess other = OtherProcess.start(directory)) {
      assertThat(other.hasOpened()).isTrue();
    }
    open(directory).close();
  }

  private static KvStore<String, String> open(Path directory) {
    return StoreDoor.open(directory, Durability.PROCESS, Storage.FILES);
  }
}
