package io.kvstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryCopyTest {
  @TempDir Path directory;

  @Test
  void copyHasTheSameBytesWithAndWithoutHoles() throws Exception {
    Path from = Files.createDirectory(directory.resolve("from"));
    Path to = Files.createDirectory(directory.resolve("to"));
    Files.createDirectory(from.resolve("below"));
    Random random = new Random(1);
    for (int size : new int[] {0, 1, 2 << 20, (4 << 20) + 3, (6 << 20) - 1}) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      Files.write(from.resolve("full" + size), bytes);
      byte[] holes = new byte[size];
      System.arraycopy(bytes, 0, holes, 0, Math.min(size, 100));
      Files.write(from.resolve("below").resolve("zeros" + size), holes);
    }

    DirectoryCopy.copy(from, to);

    try (var files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copied = to.resolve(from.relativize(file).toString());
        assertThat(Files.mismatch(file, copied)).as(file.toString()).isEqualTo(-1);
      }
    }
  }
}
