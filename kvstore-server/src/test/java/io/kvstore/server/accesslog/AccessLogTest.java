package io.kvstore.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log: entries become lines of a file. */
class AccessLogTest {
  @TempDir private Path directory;

  @Test
  void closeWritesWhatIsLeft() throws IOException {
    Path file = directory.resolve("log");
    Files.writeString(file, "earlier\n");

    AccessLog log = AccessLog.open(AccessLogFormat.JSON, file);
    for (int i = 0; i < AccessLog.MAX_WAITING_ENTRIES; i++) {
      log.add(entry(i));
    }
    log.close();

    assertThat(Files.readAllLines(file))
        .hasSize(AccessLog.MAX_WAITING_ENTRIES + 1)
        .startsWith("earlier")
        .last()
        .asString()
        .contains("\"bytes\":" + (AccessLog.MAX_WAITING_ENTRIES - 1) + ",");
    assertThat(log.lost()).isZero();
  }

  /** A pipe that nobody reads takes some lines, and then none. */
  @Test
  void entriesThatNobodyTakesAreLeftOutAndCounted() throws Exception {
    Path pipe = directory.resolve("pipe");
    assumeTrue(
        Files.exists(Path.of("/usr/bin/mkfifo")), "there is no /usr/bin/mkfifo: run it on Linux");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    FutureTask<InputStream> opening = new FutureTask<>(() -> Files.newInputStream(pipe));
    new Thread(opening).start(); // neither side can open a pipe before the other does
    AccessLog log = AccessLog.open(AccessLogFormat.JSON, pipe);
    try (InputStream reader = opening.get()) {
      long added = 0;
      while (log.lost() == 0) {
        log.add(entry(added++));
      }
      FutureTask<String> reading =
          new FutureTask<>(() -> new String(reader.readAllBytes(), StandardCharsets.UTF_8));
      new Thread(reading).start();
      log.close();

      assertThat(reading.get().lines().count()).isEqualTo(added - log.lost());
    }
  }

  @Test
  void linesThatCannotBeWrittenAreCounted() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full: run it on Linux");

    AccessLog log = AccessLog.open(AccessLogFormat.COMBINED, full);
    log.add(entry(1));
    log.add(entry(2));
    log.close();

    assertThat(log.lost()).isEqualTo(2);
  }

  @Test
  void entriesBehindTheEndAreCountedAsLost() throws IOException {
    AccessLog log = AccessLog.open(AccessLogFormat.JSON, directory.resolve("log"));
    log.close();
    log.add(entry(1));

    assertThat(log.lost()).isOne();
  }

  @Test
  void fileThatIsMovedAwayIsFollowedByANewOne() throws Exception {
    Path path = directory.resolve("log");
    LogFile file = LogFile.open(path);
    file.write(new byte[] {'a', '\n'});
    Files.move(path, directory.resolve("log.1"));
    file.write(new byte[] {'b', '\n'});
    file.look(path);
    file.write(new byte[] {'c', '\n'});
    Files.delete(path);
    Files.writeString(path, "new\n");
    file.look(path);
    file.write(new byte[] {'d', '\n'});
    file.close();

    assertThat(directory.resolve("log.1")).content().isEqualTo("a\nb\n");
    assertThat(path).content().isEqualTo("new\nd\n");
  }

  @Test
  void movedFileIsNoticedWhileLinesAreWritten() throws Exception {
    Path path = directory.resolve("log");
    try (AccessLog log = AccessLog.open(AccessLogFormat.COMBINED, path)) {
      Files.move(path, directory.resolve("log.1"));
      for (int i = 0; !Files.exists(path); i++) {
        log.add(entry(i));
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  @Test
  void fileThatCannotBeOpenedIsRejected() {
    assertThatThrownBy(() -> AccessLog.open(AccessLogFormat.JSON, directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(directory.toString());
  }

  private static AccessEntry entry(long bytes) {
    return new AccessEntry(Instant.EPOCH, "::1", null, null, 200, bytes, 0, null, null);
  }
}
