package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.platform.Storage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a backup leaves that fails, or that a crash ends. */
@Timeout(600)
class BackupCrashTest {
  private static final Storage NO_SYNCS = FaultyStorage.withoutSyncs();

  /** Whose thread writes a backup, while another may be making the store's next segment. */
  private static final Set<String> BACKUP = Set.of("compact");

  @TempDir Path directory;

  private final RandomChanges changes = new RandomChanges();

  @ParameterizedTest
  @EnumSource
  void failureAtAnyMomentLeavesTheOldBackupOrTheNew(Durability durability) throws IOException {
    FaultyStorage storage = FaultyStorage.withoutSyncs();
    int failures = 0;
    try (KvStore<String, String> kv = StoreDoor.open(path("store"), durability, storage)) {
      changes.make(kv, 300);
      syncMarksToo(kv);
      boolean failed = true;
      for (int call = 1; failed; call++) {
        assertThat(call).isLessThan(200);
        Path first = path("first" + call);
        failed = isFailed(kv, storage, first, call);
        Files.createDirectories(first);
        Throwable refusal = openFailure(first.toString(), durability);
        assertThat(refusal == null || refusal.getMessage().contains("is not a store")).isTrue();
        failures += failed ? 1 : 0;
      }
      kv.backup(path("backup"));
      Map<String, String> old = Map.copyOf(changes.entries());
      failed = true;
      for (int call = 1; failed; call++) {
        assertThat(call).isLessThan(200);
        changes.make(kv, 150);
        if (call % 3 == 0) {
          kv.compact();
        }
        syncMarksToo(kv);
        failed = isFailed(kv, storage, path("backup"), call);
        StoreFiles.copy(path("backup"), path("copy" + call));
        try (KvStore<String, String> copy = open("copy" + call, durability)) {
          Map<String, String> found = entriesOf(copy);
          assertThat(found.equals(old) || found.equals(changes.entries()))
              .as("call %s", call)
              .isTrue();
          assertThat(found.equals(changes.entries()) || failed).isTrue();
          old = found;
        }
        failures += failed ? 1 : 0;
      }
    }
    assertThat(failures).isGreaterThan(30);
  }

  /** Leaves a backup nothing of the log to sync, for a failed sync of the log is final. */
  private static void syncMarksToo(KvStore<String, String> kv) {
    kv.sync();
    kv.sync();
  }

  private static boolean isFailed(
      KvStore<String, String> kv, FaultyStorage storage, Path to, int call) {
    storage.failCall(BACKUP, call, FaultyStorage.IO_ERROR);
    try {
      kv.backup(to);
      return false;
    } catch (KvStoreException e) {
      assertThat(e).hasMessageContaining(FaultyStorage.IO_ERROR);
      return true;
    } finally {
      storage.heal();
    }
  }

  private @Nullable Throwable openFailure(String name, Durability durability) {
    try (KvStore<String, String> kv = open(name, durability)) {
      Map<String, String> found = entriesOf(kv);
      assertThat(found.isEmpty() || found.equals(changes.entries())).isTrue();
      return null;
    } catch (KvStoreException e) {
      return e;
    }
  }

  @Test
  void firstBackupThatFailedIsTakenAgain() {
    FaultyStorage storage = FaultyStorage.withoutSyncs();
    try (KvStore<String, String> kv = StoreDoor.open(path("store"), Durability.PROCESS, storage)) {
      changes.make(kv, 300);
      syncMarksToo(kv);
      boolean failed = true;
      for (int call = 1; failed; call++) {
        assertThat(call).isLessThan(200);
        failed = isFailed(kv, storage, path("backup"), call);
      }
    }
    try (KvStore<String, String> copy = open("backup", Durability.PROCESS)) {
      assertThat(entriesOf(copy)).isEqualTo(changes.entries());
    }
  }

  @Test
  void crashAtAnyMomentLeavesTheOldBackupOrTheNew() throws IOException {
    Copying copying = new Copying(path("backup"), path("crash"));
    int[] found = new int[3];
    try (KvStore<String, String> kv = StoreDoor.open(path("store"), Durability.PROCESS, copying)) {
      Map<String, String> old = Map.of();
      for (int round = 0; round < 5; round++) {
        changes.make(kv, 250);
        if (round % 2 == 1) {
          kv.compact();
        }
        syncMarksToo(kv);
        copying.on.set(true);
        kv.backup(path("backup"));
        copying.on.set(false);
        for (; copying.checked < copying.count.get(); copying.checked++) {
          String name = "crash" + copying.checked;
          try (KvStore<String, String> crashed = open(name, Durability.PROCESS)) {
            Map<String, String> entries = entriesOf(crashed);
            boolean isOld = entries.equals(old);
            assertThat(isOld || entries.equals(changes.entries())).as(name).isTrue();
            found[isOld ? 0 : 1]++;
          } catch (KvStoreException e) {
            assertThat(round).isZero();
            assertThat(e).hasMessageContaining("is not a store");
            found[2]++;
          }
        }
        old = Map.copyOf(changes.entries());
      }
    }
    assertThat(found[0]).isGreaterThan(30);
    assertThat(found[1]).isGreaterThan(4);
    assertThat(found[2]).isGreaterThan(10);
  }

  @Test
  void damagedSegmentIsNotCopiedAndTheOldBackupStays() throws IOException {
    try (KvStore<String, String> kv = open("store", Durability.PROCESS)) {
      changes.fill(kv, 3);
      kv.backup(path("backup"));
      Map<String, String> old = Map.copyOf(changes.entries());
      changes.fill(kv, 5);
      Path damaged = path("store").resolve("0000000006.segment");
      try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
        file.seek(1_000);
        file.write(file.read() ^ 1);
      }

      assertThatThrownBy(() -> kv.backup(path("backup")))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining(damaged.toString());

      try (KvStore<String, String> copy = open("backup", Durability.PROCESS)) {
        assertThat(entriesOf(copy)).isEqualTo(old);
      }
    }
  }

  // ---- what the tests share

  private Path path(String name) {
    return directory.resolve(name);
  }

  private KvStore<String, String> open(String name, Durability durability) {
    return StoreDoor.open(path(name), durability, NO_SYNCS);
  }

  /** Copies the files of a backup before and after each operation on them. */
  private static final class Copying implements Storage {
    private final Path from;
    private final Path to;
    private final AtomicBoolean on = new AtomicBoolean();
    private final AtomicInteger count = new AtomicInteger();
    private int checked;

    Copying(Path from, Path to) {
      this.from = from;
      this.to = to;
    }

    private void copy() throws IOException {
      if (on.get() && Files.exists(from)) {
        StoreFiles.copy(from, to.resolveSibling("crash" + count.getAndIncrement()));
      }
    }

    @Override
    public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
      copy();
      Storage.FILES.write(file, bytes, at);
      copy();
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
