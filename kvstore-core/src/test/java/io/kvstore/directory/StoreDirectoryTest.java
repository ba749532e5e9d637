package io.kvstore.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.engine.StoreDoor;
import io.kvstore.testing.Configuration;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.FaultyStorage.Operation;
import io.kvstore.testing.StoreImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of a directory before the log is opened; a rejected opening changes nothing. */
class StoreDirectoryTest {
  @TempDir Path directory;

  @Test
  void anyByteOfTheManifestThatChangesIsDetected() throws IOException {
    StoreImage image = image();
    int length = image.bytes(Manifest.FILE).length;
    for (int pattern : new int[] {0xFF, 0x01, 0x20, 0x80}) {
      for (int at = 0; at < length; at++) {
        StoreImage damaged = image.flipped(Manifest.FILE, at, pattern);
        damaged.writeTo(directory);

        assertThatThrownBy(this::open)
            .isInstanceOf(CorruptStoreException.class)
            .hasMessageContaining(directory.resolve(Manifest.FILE) + " is damaged at offset 0");
        assertThat(StoreImage.of(directory).isSame(damaged)).isTrue();
      }
    }
  }

  @Test
  void manifestOfAnyOtherLengthIsDetected() {
    StoreImage image = image();
    int length = image.bytes(Manifest.FILE).length;
    for (int to = 0; to < length + 3; to++) {
      if (to != length) {
        image.truncated(Manifest.FILE, to).writeTo(directory);

        assertThatThrownBy(this::open)
            .isInstanceOf(CorruptStoreException.class)
            .hasMessageContaining(Manifest.FILE);
      }
    }
  }

  @Test
  void contentOfTheLockFileMeansNothing() throws IOException {
    StoreImage image = image();
    byte[] lock;
    try (KvStore<String, String> store = open()) {
      lock = Files.readAllBytes(directory.resolve("lock"));
      store.sync();
    }
    for (int at = 0; at < lock.length; at++) {
      image.writeTo(directory);
      byte[] damaged = lock.clone();
      damaged[at] ^= (byte) 0xFF;
      Files.write(directory.resolve("lock"), damaged);

      try (KvStore<String, String> store = open()) {
        assertThat(store.get("key")).isEqualTo("value");
      }
    }
  }

  @Test
  void newerFormatIsRefused() {
    StoreImage image = image();
    String body = "kvstore format 4\nstripes 64\ncolour blue\n";
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(US_ASCII));
    String text = body + "checksum %08x\n".formatted(crc.getValue());
    StoreImage newer = image.with(Manifest.FILE, text.getBytes(US_ASCII));
    newer.writeTo(directory);

    assertThatThrownBy(this::open)
        .isExactlyInstanceOf(KvStoreException.class)
        .hasMessageContaining(directory + " has format 4")
        .hasMessageContaining("reads formats 1 to 3");

    assertThat(StoreImage.of(directory).isSame(newer)).isTrue();
  }

  @Test
  void otherNumberOfStripesIsRefused() {
    StoreImage image = image();

    assertThatThrownBy(() -> Configuration.PROCESS.strings(directory).stripes(16).open())
        .isExactlyInstanceOf(KvStoreException.class)
        .hasMessageContaining("was created with 64 stripes, not with 16");

    assertThat(StoreImage.of(directory).isSame(image)).isTrue();
    Configuration.PROCESS.strings(directory).stripes(64).open().close();
  }

  @Test
  void strayTemporaryManifestIsOverwritten() throws IOException {
    Files.writeString(directory.resolve(Manifest.NEW_FILE), "kvstore for");
    Files.writeString(directory.resolve("lock"), "process 1");

    try (KvStore<String, String> store = open()) {
      store.put("key", "value");
    }

    assertThat(directory.resolve(Manifest.NEW_FILE)).doesNotExist();
    assertThat(directory.resolve(Manifest.FILE)).exists();
  }

  @Test
  void directoryThatIsNoStoreIsRefusedAndUntouched() throws IOException {
    Files.writeString(directory.resolve("thesis.txt"), "mine");

    assertThatThrownBy(this::open)
        .isExactlyInstanceOf(KvStoreException.class)
        .hasMessageContaining(directory + " is not a store")
        .hasMessageContaining("thesis.txt");

    assertThat(directory).isDirectoryNotContaining(p -> !p.endsWith("thesis.txt"));
  }

  @Test
  void foreignLockFileBesideForeignFilesIsUntouched() throws IOException {
    Files.writeString(directory.resolve("thesis.txt"), "mine");
    Files.writeString(directory.resolve("lock"), "mine too");

    assertThatThrownBy(this::open).hasMessageContaining("is not a store");

    assertThat(directory.resolve("lock")).hasContent("mine too");
  }

  @Test
  void segmentsWithoutAManifestAreRefused() {
    StoreImage image = image().without(Manifest.FILE);
    image.writeTo(directory);

    assertThatThrownBy(this::open)
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("it has no manifest");

    assertThat(StoreImage.of(directory).isSame(image)).isTrue();
  }

  @Test
  void fileInPlaceOfTheDirectoryIsRefused() throws IOException {
    Path file = directory.resolve("file");
    Files.writeString(file, "mine");

    assertThatThrownBy(() -> Configuration.PROCESS.strings(file).open())
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> Configuration.PROCESS.strings(file.resolve("below")).open())
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(file.toString());

    assertThat(file).hasContent("mine");
  }

  @Test
  void everyDirectoryThatIsCreatedIsSynced() {
    FaultyStorage storage = FaultyStorage.create();
    Path nested = directory.resolve("a").resolve("b").resolve("c");

    StoreDoor.open(nested, Durability.SYNC, storage).close();

    int parents = 3;
    int manifest = 1;
    int log = 1;
    int index = 1;
    assertThat(storage.calls(Operation.SYNC_DIRECTORY)).isEqualTo(parents + manifest + log + index);
  }

  private StoreImage image() {
    try (KvStore<String, String> store = open()) {
      store.put("key", "value");
    }
    return StoreImage.of(directory);
  }

  private KvStore<String, String> open() {
    return Configuration.PROCESS.strings(directory).open();
  }
}
