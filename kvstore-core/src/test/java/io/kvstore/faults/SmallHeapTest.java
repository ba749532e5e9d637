package io.kvstore.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process whose heap is full again and again while it writes: nothing hangs, and everything
 * acknowledged is there. {@code -Dkvstore.test.long=true} runs many seeds; the message of a failure
 * names its seed, which {@code -Dkvstore.test.seed} repeats.
 */
class SmallHeapTest {
  private static final boolean LONG = Boolean.getBoolean("kvstore.test.long");
  private static final long SEED = Long.getLong("kvstore.test.seed", 1);
  private static final long SEEDS = LONG ? 20 : 1;
  private static final int ROUNDS = LONG ? 40 : 6;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void fullHeapStopsNoThreadForGood(Durability durability) throws IOException {
    for (long seed = SEED; seed < SEED + SEEDS; seed++) {
      List<String> arguments =
          List.of(
              directory.resolve("seed" + seed).toString(),
              durability.name(),
              String.valueOf(ROUNDS),
              String.valueOf(seed),
              String.valueOf(Limits.HANG_SECONDS));

      String output =
          ForkedJvm.run(List.of("-Xmx48m", "-XX:+UseSerialGC"), SmallHeapProcess.class, arguments);

      assertThat(output)
          .as("seed %s, in mode %s", seed, durability)
          .contains(SmallHeapProcess.GOOD);
    }
  }
}
