package io.kvstore.bench.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class SyncLimitTest {

  /** Without forks, for a moment: the figures mean nothing. */
  @Test
  void everyRateHasItsRow() throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();

    SyncLimit.runForAMoment(new PrintStream(output, true, UTF_8));

    assertThat(output.toString(UTF_8).lines())
        .anyMatch(line -> line.matches("store, 1 thread( +[\\d,]+){3}"))
        .anyMatch(line -> line.matches("store, 64 threads( +[\\d,]+){3}"))
        .anyMatch(line -> line.matches("no store, 64 threads( +[\\d,]+){3}"))
        .anyMatch(line -> line.matches("device, 1 a sync( +[\\d,]+){3}"))
        .anyMatch(line -> line.matches("device, 64 a sync( +[\\d,]+){3}"))
        .anyMatch(line -> line.matches("64 times 1 thread .* +[\\d.]+ +(yes|no)"));
  }
}
