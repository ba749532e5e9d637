package io.kvstore.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final ProgressBar bar =
      ProgressBar.on(new PrintStream(written, true, StandardCharsets.UTF_8), "verify", nanos::get);

  @Test
  void lineHasPercentBytesRateAndTimeLeft() {
    pass(Duration.ofSeconds(2));

    bar.update(64 << 20, 256 << 20);

    assertThat(text())
        .isEqualTo("\rverify [######..................]  25%  64.0 MiB  32.0 MiB/s  0:06 left");
  }

  @Test
  void unknownTotalLeavesOutWhatNobodyKnows() {
    pass(Duration.ofSeconds(1));

    bar.update(1000, 0);

    assertThat(text()).isEqualTo("\rverify 1000 B  1000 B/s");
  }

  @Test
  void shorterLineCoversTheLongerOneBefore() {
    pass(Duration.ofSeconds(1));
    bar.update(1000, 0);
    pass(Duration.ofSeconds(9));
    bar.update(1000, 0);

    assertThat(text()).endsWith("\rverify 1000 B  100 B/s ");
  }

  @Test
  void lineIsWrittenTenTimesASecondAtMost() {
    for (int i = 0; i < 1000; i++) {
      pass(Duration.ofMillis(1));
      bar.update(i, 1000);
    }

    assertThat(text().chars().filter(c -> c == '\r').count()).isEqualTo(10);
  }

  @Test
  void endBlanksTheLineOnce() {
    pass(Duration.ofSeconds(1));
    bar.update(1000, 0);
    written.reset();

    bar.close();
    bar.close();

    assertThat(text()).isEqualTo("\r" + " ".repeat("verify 1000 B  1000 B/s".length()) + "\r");
  }

  @Test
  void longTimesHaveHoursAndAreBounded() {
    pass(Duration.ofHours(1));
    bar.update(1, 3);
    assertThat(text()).endsWith("2:00:00 left");

    pass(Duration.ofHours(1));
    bar.update(1, Long.MAX_VALUE);
    assertThat(text()).contains("  0%").contains("100:00:00 left");
  }

  @Test
  void noneWritesNothing() {
    ProgressBar none = ProgressBar.none();

    none.update(1, 2);
    none.close();

    assertThat(text()).isEmpty();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
