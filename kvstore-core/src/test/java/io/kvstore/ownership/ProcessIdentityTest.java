package io.kvstore.ownership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvstore.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The identities of processes: two processes never have the same one, and an ended process has
 * none.
 */
@Timeout(600)
class ProcessIdentityTest {
  @Test
  void identityStaysAndIsNobodyElses() throws IOException {
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      assertThat(ProcessIdentity.of(ProcessHandle.current().pid()))
          .isEqualTo(ProcessIdentity.self())
          .isNotEqualTo(ProcessIdentity.of(other.pid()));
      assertThat(ProcessIdentity.of(other.pid()))
          .isNotNull()
          .isEqualTo(ProcessIdentity.of(other.pid()));
    } finally {
      other.destroyForcibly().onExit().join();
    }
    assertThat(ProcessIdentity.of(other.pid())).isNull();
  }

  @Test
  void zombieHasEnded() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "only Linux shows zombies");
    // Nobody asks what became of the child: sh has become the second sleep.
    Process parent = new ProcessBuilder("sh", "-c", "sleep 0 & echo $!; exec sleep 600").start();
    try {
      long child = Long.parseLong(parent.inputReader(StandardCharsets.UTF_8).readLine().strip());
      Path stat = Path.of("/proc", Long.toString(child), "stat");
      Await.that(() -> Files.readString(stat).contains(") Z "));

      assertThat(ProcessIdentity.of(child)).isNull();
    } finally {
      parent.destroyForcibly().onExit().join();
    }
  }

  @Test
  void textIsReadAsItWasWritten() {
    Holder self = Holder.self("(dev=fe00,ino=12)");

    assertThat(Holder.parse(self.text())).isEqualTo(self);
    assertThat(Holder.parse(self.text() + "\n")).isNull();
    assertThat(Holder.parse("")).isNull();
    assertThat(Holder.self("(dev=fe00,ino=12)")).isNotEqualTo(self);
    assertThat(self.isAliveElsewhere(Holder.self("(dev=fe00,ino=12)"))).isFalse();
  }
}
