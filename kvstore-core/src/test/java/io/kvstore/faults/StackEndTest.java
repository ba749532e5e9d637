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
 * Calls at the end of a thread's stack, at every depth: wherever they overflow, other threads go
 * on, or their writes are rejected, and nothing is lost. Runs in a separate JVM, which warns about
 * each stack overflow in a lock.
 */
class StackEndTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void endOfTheStackLeavesNoLockAndLosesNothing(Configuration configuration) throws IOException {
    assertThat(run(StackEndProcess.class, configuration)).contains(StackEndProcess.GOOD);
  }

  private String run(Class<?> main, Configuration configuration) throws IOException {
    return ForkedJvm.run(
        List.of("-Dkvstore.test.errors.limitSeconds=" + Limits.HANG_SECONDS),
        main,
        List.of(directory.toString(), configuration.name()));
  }
}
