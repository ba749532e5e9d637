package io.kvstore.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
  @TempDir Path directory;

  private boolean isCause(Throwable failure) {
    return FullDisk.isCause(failure, directory, 1);
  }

  private static Throwable write(Path file, long at) {
    return catchThrowable(
        () -> {
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(10), at);
          }
        });
  }

  @AfterEach
  void leavesNothing() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).noneMatch(file -> file.toString().contains("probe"));
    }
  }

  @Test
  void deviceWithoutRoomIsFull() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "this system has no device that is always full");

    assertThat(isCause(write(full, 0))).isTrue();
  }

  @Test
  void fileThatMayNotBeSoLargeIsFull() {
    Throwable tooLarge = write(directory.resolve("file"), Long.MAX_VALUE - 100);

    assumeTrue(tooLarge != null, "this file system has files of any size");
    assertThat(isCause(tooLarge)).isTrue();
  }

  @Test
  void diskWithLessThanIsNeededIsFull() {
    assertThat(FullDisk.isCause(new IOException("whatever"), directory, Long.MAX_VALUE)).isTrue();
  }

  @Test
  void otherFailuresAreNoFullDisk() {
    assertThat(isCause(new IOException("Input/output error"))).isFalse();
    assertThat(isCause(new IOException((String) null))).isFalse();
    assertThat(isCause(new NoSuchFileException("file"))).isFalse();
    assertThat(isCause(new IllegalStateException("No space left on device"))).isFalse();
    assertThat(FullDisk.isCause(new IOException("any"), directory.resolve("none"), 1)).isFalse();
  }
}
