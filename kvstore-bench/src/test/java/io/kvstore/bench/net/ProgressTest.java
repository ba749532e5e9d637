package io.kvstore.bench.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void oneLineIsWrittenAgainAndBlankedInTheEnd() {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Progress progress = Progress.on(new PrintStream(output, true, UTF_8));

    progress.start("5000/s", 15);
    progress.show(1234);
    progress.clear();

    assertThat(output.toString(UTF_8))
        .matches("\r5000/s: \\d+ of 15 s, 1,234 operations, [\\d,]+/s\r +\r")
        .doesNotContain("\n");
  }
}
