package io.kvstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ScratchDirectoryTest {

  @Test
  void closeDeletesAll() throws IOException {
    ScratchDirectory scratch = ScratchDirectory.create();
    Files.createDirectory(scratch.path().resolve("sub"));
    Files.write(scratch.path().resolve("sub/file"), new byte[10]);

    scratch.close();

    assertThat(scratch.path()).doesNotExist();
  }

  @Test
  void createDeletesWhatAKilledProcessLeft() throws IOException, InterruptedException {
    Process killed =
        new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-version")
            .redirectErrorStream(true)
            .start();
    killed.waitFor();
    Path parent = Path.of(System.getProperty("bench.dir"));
    Path left = Files.createDirectory(parent.resolve("kvstore-bench-" + killed.pid() + "-1"));
    Path foreign = Files.createDirectories(parent.resolve("kvstore-bench-of-someone"));
    Files.write(left.resolve("file"), new byte[10]);

    ScratchDirectory scratch = ScratchDirectory.create();

    assertThat(left).doesNotExist();
    assertThat(foreign).exists();
    assertThat(scratch.path()).isEmptyDirectory();
    scratch.close();
  }

  @Test
  void filesNamedLeavesOtherFilesOut() throws IOException {
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      Files.write(scratch.path().resolve("1.other"), new byte[10]);
      Path wanted = Files.write(scratch.path().resolve("1.segment"), new byte[11]);

      assertThat(scratch.filesNamed(".segment")).containsExactly(wanted);
    }
  }
}
