package io.kvstore.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.testing.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls at the end of a thread's stack, at every depth: whatever they were in the middle of, other
 * threads go on, or are refused, and nothing is lost. In a JVM of its own, since it warns of each
 * stack that ends in a lock.
 */
class StackEndTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void endOfTheStackLeavesNoLockAndLosesNothing(Configuration configuration) throws IOException {
    List<String> limit = List.of("-Dkvstore.test.errors.limitSeconds=" + Limits.HANG_SECONDS);

    String output =
        ForkedJvm.run(
            limit, StackEndProcess.class, List.of(directory.toString(), configuration.name()));

    assertThat(output).contains(StackEndProcess.GOOD);
  }
}
