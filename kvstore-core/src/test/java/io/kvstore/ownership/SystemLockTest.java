package io.kvstore.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.testing.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The two-part lock of a store, whose halves are renewed in turn. */
@Timeout(600)
class SystemLockTest {
  @TempDir Path temporary;

  private Path file = Path.of("");

  @BeforeEach
  void create() throws IOException {
    file = Files.createFile(temporary.resolve("lock"));
  }

  @Test
  void nobodyComesInWhileItIsRenewed() throws IOException {
    try (FileChannel channel = open()) {
      SystemLock lock = SystemLock.take(channel);
      Process other = start("try");
      try {
        while (other.isAlive()) {
          if (lock != null) {
            lock.renew();
          }
        }
        assertThat(other.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("0 times");
      } finally {
        other.destroyForcibly().onExit().join();
      }
    }
  }

  @Test
  void lostLockIsTakenAgain() throws IOException {
    try (FileChannel channel = open()) {
      SystemLock lock = SystemLock.take(channel);
      assertThat(lock).isNotNull();
      Files.readAllBytes(file);
      if (lock != null) {
        lock.renew();
        lock.renew();
      }

      Process other = start("try");
      assertThat(other.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("0 times");
    }
  }

  @Test
  void lockThatAnotherProcessHasForAWhileIsTakenAfterwards() throws IOException {
    try (FileChannel channel = open()) {
      SystemLock lock = SystemLock.take(channel);
      assertThat(lock).isNotNull();
      Files.readAllBytes(file);
      Process other = start("hold");
      try (OutputStream end = other.getOutputStream()) {
        assertThat(other.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("held");
        for (int i = 0; i < 4 && lock != null; i++) {
          lock.renew();
        }
        end.write('\n');
      }
      other.onExit().join();
      for (int i = 0; i < 2 && lock != null; i++) {
        lock.renew();
      }

      Process third = start("try");
      assertThat(third.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("0 times");
    }
  }

  @Test
  void refusedTakingWithinTheProcessLeavesTheLock() throws IOException {
    try (FileChannel channel = open();
        FileChannel second = open()) {
      SystemLock lock = SystemLock.take(channel);
      assertThat(lock).isNotNull();

      assertThatThrownBy(() -> SystemLock.take(second))
          .isInstanceOf(OverlappingFileLockException.class);

      Process other = start("try");
      assertThat(other.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("0 times");
      Await.that(() -> !other.isAlive());
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private Process start(String what) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    String name = SystemLockTest.class.getName();
    return new ProcessBuilder(java, "-cp", classPath, name, what, file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Tries many times, or holds the lock until it is told to end. */
  public static void main(String[] arguments) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            Path.of(arguments[1]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (arguments[0].equals("hold")) {
        System.out.println(SystemLock.take(channel) == null ? "refused" : "held");
        System.in.read();
        return;
      }
      int taken = 0;
      for (int i = 0; i < 50_000; i++) {
        SystemLock lock = SystemLock.take(channel);
        taken += lock == null ? 0 : 1;
      }
      System.out.println(taken + " times");
    }
  }
}
