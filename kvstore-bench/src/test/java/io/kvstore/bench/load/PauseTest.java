package io.kvstore.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseTest {

  /** Lines as JDK 17 and, the last, JDK 25 write them. */
  @Test
  void logHasEverySafepoint(@TempDir Path directory) throws IOException {
    Path log =
        Files.writeString(
            directory.resolve("log"),
            """
            [900ns][gc,start    ] GC(26) Pause Young (Normal) (G1 Evacuation Pause)
            [950ns][gc          ] GC(26) Pause Young (Normal) (G1 Evacuation Pause) 9M->4M(20M) 0.4ms
            [1000ns][safepoint   ] Safepoint "G1CollectForAllocation", Time since last: 5 ns, \
            Reaching safepoint: 2 ns, Cleanup: 4 ns, At safepoint: 94 ns, Total: 100 ns
            [2000ns][safepoint   ] Safepoint "Cleanup", Time since last: 5 ns, \
            Reaching safepoint: 2 ns, At safepoint: 6 ns, Leaving safepoint: 2 ns, \
            Total:         10 ns, Threads: 0 runnable, 10 total
            """);

    assertThat(Pause.read(log))
        .containsExactly(
            new Pause(new Span(900, 1000), "G1CollectForAllocation", true),
            new Pause(new Span(1990, 2000), "Cleanup", false));
  }
}
