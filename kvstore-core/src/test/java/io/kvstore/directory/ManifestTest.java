package io.kvstore.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.platform.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  @TempDir Path directory;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (Manifest manifest :
        new Manifest[] {
          new Manifest(1, 0, -1),
          new Manifest(4096, Long.MIN_VALUE, Long.MAX_VALUE),
          Manifest.create(64)
        }) {
      manifest.write(directory, Storage.FILES);

      assertThat(Manifest.read(directory)).isEqualTo(manifest);
      assertThat(directory.resolve(Manifest.NEW_FILE)).doesNotExist();
    }
  }

  @Test
  void storesHaveSecretsOfTheirOwn() {
    assertThat(Manifest.create(64)).isNotEqualTo(Manifest.create(64));
  }

  @Test
  void everyFlippedBitAndEveryCutIsNoticed() throws IOException {
    Manifest.create(64).write(directory, Storage.FILES);
    Path file = directory.resolve(Manifest.FILE);
    byte[] good = Files.readAllBytes(file);
    for (int bit = 0; bit < 8 * good.length; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertCorrupt(file, bad);
    }
    for (int length = 0; length < good.length; length++) {
      assertCorrupt(file, Arrays.copyOf(good, length));
    }
    assertCorrupt(file, Arrays.copyOf(good, good.length + 1));
    assertCorrupt(file, new byte[1 << 20]);
    assertCorrupt(file, ("kvstore format 1" + "\n".repeat(4_000)).getBytes(US_ASCII));
  }

  private void assertCorrupt(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    assertThatThrownBy(() -> Manifest.read(directory))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void newerFormatIsRefusedByItsNumber() throws IOException {
    String body = "kvstore format 7\nstripes of a new kind\n";
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(US_ASCII));
    Files.writeString(
        directory.resolve(Manifest.FILE), body + "checksum %08x\n".formatted(crc.getValue()));

    assertThatThrownBy(() -> Manifest.read(directory))
        .isInstanceOf(KvStoreException.class)
        .isNotInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("format 7")
        .hasMessageContaining("formats 1 to 3");
  }
}
