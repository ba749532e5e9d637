package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.codec.Codecs;
import io.kvstore.platform.Storage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.StoreImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores that are open for reading only, beside a writer and alone. */
@Timeout(600)
class ReadOnlyTest {
  private static final Storage NO_SYNCS = FaultyStorage.withoutSyncs();

  @TempDir Path directory;

  private final RandomChanges changes = new RandomChanges();

  @ParameterizedTest
  @EnumSource
  void readerSeesWhatWasPutBeforeAndNothingLater(Durability durability) {
    try (KvStore<String, String> kv = StoreDoor.open(directory, durability, NO_SYNCS)) {
      for (int round = 0; round < 10; round++) {
        changes.make(kv, 200);
        Map<String, String> before = Map.copyOf(changes.entries());
        try (KvStore<String, String> reader = readOnly(directory)) {
          assertThat(entriesOf(reader)).isEqualTo(before);
          assertThat(reader.stats().sequence()).isEqualTo(kv.stats().sequence());
          changes.make(kv, 200);
          kv.compact();
          assertThat(entriesOf(reader)).isEqualTo(before);
        }
      }
    }
  }

  @Test
  void otherProcessThatWritesAndCompactsIsReadBeside() throws IOException {
    try (WritingProcess writer = WritingProcess.start(directory)) {
      for (int i = 0; i < 60; i++) {
        long acknowledged = writer.acknowledged();
        try (KvStore<String, String> reader = readOnly(directory)) {
          String left = reader.get("left");
          assertThat(left).isEqualTo(reader.get("right")).isNotNull();
          assertThat(Long.parseLong(left)).isGreaterThanOrEqualTo(acknowledged);
          assertThat(reader.size()).isGreaterThanOrEqualTo(2);
        }
      }
    }
    try (KvStore<String, String> reader = readOnly(directory)) {
      assertThat(reader.get("left")).as("of the killed").isEqualTo(reader.get("right"));
    }
  }

  @Test
  void everyWriteIsRefusedWithOneSentence() {
    StoreDoor.open(directory, Durability.PROCESS, NO_SYNCS).close();
    try (KvStore<String, String> kv = readOnly(directory)) {
      List<ThrowingCallable> writes =
          List.of(
              () -> kv.put("a", "1"),
              () -> kv.putAsync("a", "1").join(),
              () -> kv.put("a", "1", Duration.ofDays(1)),
              () -> kv.delete("a"),
              () -> kv.deleteAsync("a").join(),
              () -> kv.putIfAbsent("a", "1"),
              () -> kv.replace("a", "1", "2"),
              () -> kv.replaceVersion("a", 1, "2"),
              () -> kv.delete("a", "1"),
              () -> kv.deleteVersion("a", 1),
              () -> kv.getAndPut("a", "1"),
              () -> kv.getAndDelete("a"),
              () -> kv.compute("a", (key, value) -> "1"),
              () -> kv.increment("a", 1),
              () -> kv.touch("a", Duration.ofDays(1)),
              () -> kv.persist("a"),
              () -> kv.write(kv.batch().put("a", "1")),
              () -> kv.writeAsync(kv.batch().put("a", "1")).join(),
              kv::compact,
              () -> kv.backup(directory.resolve("backup")));
      for (ThrowingCallable write : writes) {
        assertThatThrownBy(write)
            .isInstanceOf(UnsupportedOperationException.class)
            .hasMessageContaining("open for reading only");
      }
      kv.sync();
      assertThat(kv.size()).isZero();
    }
  }

  @Test
  void tornTailIsTheEndAndNoFileChanges() throws IOException {
    try (KvStore<String, String> kv = StoreDoor.open(directory, Durability.PROCESS, NO_SYNCS)) {
      kv.put("a", "1");
      kv.put("b", "2");
    }
    StoreImage image = StoreImage.of(directory);
    // The first record has 24 bytes, and so has the second.
    image.truncated("0000000001.segment", 32 + 24 + 20).writeTo(directory);
    StoreImage torn = StoreImage.of(directory);
    Files.deleteIfExists(directory.resolve("lock"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));

    try (KvStore<String, String> kv = readOnly(directory)) {
      assertThat(entriesOf(kv)).isEqualTo(Map.of("a", "1"));
    }

    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(StoreImage.of(directory).isSame(torn)).isTrue();
    assertThat(directory.resolve("lock")).doesNotExist();
  }

  @Test
  void damageOfWhatWasSyncedIsRefused() {
    try (KvStore<String, String> kv = StoreDoor.open(directory, Durability.SYNC, NO_SYNCS)) {
      kv.put("a", "1");
      kv.put("b", "2");
    }
    StoreImage.of(directory).flipped("0000000001.segment", 32 + 20, 1).writeTo(directory);

    assertThatThrownBy(() -> readOnly(directory))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("0000000001.segment");
  }

  @Test
  void whatIsNoStoreIsRefusedAndNotCreated() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> readOnly(missing))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("is not a store");
    assertThatThrownBy(() -> KvStore.builder(Codecs.string(), Codecs.string()).readOnly().open())
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(missing).doesNotExist();
  }

  private static KvStore<String, String> readOnly(Path directory) {
    return KvStore.builder(Codecs.string(), Codecs.string()).directory(directory).readOnly().open();
  }
}
